package io.millrace.examples;

import io.millrace.engine.Millrace;
import io.millrace.engine.api.PutRecordsRequestEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Puts events in their order, as fast as the shards take them or at a pace. The put with
 * backpressure does all the work: it sends requests of up to 500 records, each when the one before
 * it is acknowledged, tries again what was not written, and keeps the order within each shard.
 */
final class EarthquakeProducer {

  private final Millrace millrace;
  private final String stream;
  private final int recordsPerSecond;
  private final Consumer<Earthquake> putting;

  /**
   * A producer.
   *
   * @param recordsPerSecond the pace; 0 for as fast as possible
   * @param putting is told of each event just before it is put
   */
  EarthquakeProducer(
      Millrace millrace, String stream, int recordsPerSecond, Consumer<Earthquake> putting) {
    this.millrace = millrace;
    this.stream = stream;
    this.recordsPerSecond = recordsPerSecond;
    this.putting = putting;
  }

  /**
   * Puts these events.
   *
   * @param stored runs after each acknowledgement
   * @return completes when all are stored; fails with a {@link
   *     io.millrace.engine.api.MillraceException} when the engine does not know whether some are,
   *     or takes none for long. Then the stream says which ones are there
   */
  CompletionStage<Done> put(List<Earthquake> events, Runnable stored) {
    return paced(Source.from(events))
        .map(this::entry)
        .via(millrace.putFlow(stream))
        .runForeach(result -> stored.run(), millrace.system());
  }

  private PutRecordsRequestEntry entry(Earthquake event) {
    putting.accept(event);
    return PutRecordsRequestEntry.of(event.network(), event.json());
  }

  private Source<Earthquake, NotUsed> paced(Source<Earthquake, NotUsed> events) {
    return recordsPerSecond == 0
        ? events
        : events.throttle(recordsPerSecond, Duration.ofSeconds(1));
  }
}
