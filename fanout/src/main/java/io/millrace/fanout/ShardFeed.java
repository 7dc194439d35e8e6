package io.millrace.fanout;

import io.millrace.engine.EngineInside;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.tail.TailPage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The records of one shard straight from its tail, as they come, to the shard's end. While the
 * storage is away it waits, and goes on where it was. Of history one element is read ahead, and
 * what was fetched with it is kept.
 *
 * @param inside the engine
 * @param settings bounds of an element
 */
record ShardFeed(EngineInside inside, FanOutSettings settings) {

  /** How reading is begun again after a failure that passes. */
  static final RestartSettings RESTARTS =
      RestartSettings.create(Duration.ofMillis(100), Duration.ofSeconds(5), 0.2)
          .withRestartOn(Failures::passes);

  /** From a position, which is looked for when the source is run, before any demand. */
  Source<ShardRecords, NotUsed> from(ShardAddress address, ShardView shard, StartingPosition from) {
    return feed(
        address, shard, () -> Failures.caught(() -> inside.reads().locate(from, shard, address)));
  }

  /** From the first record at or after this counter. */
  Source<ShardRecords, NotUsed> from(ShardAddress address, ShardView shard, long counter) {
    return feed(address, shard, () -> CompletableFuture.completedStage(counter));
  }

  private Source<ShardRecords, NotUsed> feed(
      ShardAddress address, ShardView shard, Supplier<CompletionStage<Long>> start) {
    return Source.fromMaterializer(
            (materializer, attributes) -> {
              Place place = new Place(start);
              return RestartSource.onFailuresWithBackoff(
                      RESTARTS, () -> pages(address, place).map(page -> records(shard, page)))
                  .concatLazy(end(address));
            })
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  /** How far one run has come; touched by the actor that runs it only. */
  private static final class Place {

    private final Supplier<CompletionStage<Long>> start;
    private OptionalLong counter = OptionalLong.empty();

    Place(Supplier<CompletionStage<Long>> start) {
      this.start = start;
    }

    CompletionStage<Long> next() {
      return counter.isPresent()
          ? CompletableFuture.completedStage(counter.getAsLong())
          : start.get();
    }

    TailPage passed(TailPage page) {
      counter = OptionalLong.of(page.nextCounter());
      return page;
    }
  }

  private Source<TailPage, NotUsed> pages(ShardAddress address, Place place) {
    return Source.completionStageSource(
            place
                .next()
                .thenApply(
                    counter ->
                        inside
                            .reads()
                            .follow(address, counter, settings.maxRecords(), settings.maxBytes())))
        .mapError(Throwable.class, Failures::unwrapped)
        .map(place::passed)
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private static ShardRecords records(ShardView shard, TailPage page) {
    Record last = page.records().get(page.records().size() - 1);
    return new ShardRecords(
        shard.shardId(),
        page.records(),
        Optional.of(before(shard, page.nextCounter(), last.sequenceNumber().putSeconds())),
        page.millisBehindLatest(),
        List.of());
  }

  /**
   * The number after which reading goes on at this counter: that of the last record passed, or the
   * one that a record just before would have.
   */
  static SequenceNumber before(ShardView shard, long counter, long putSeconds) {
    return new SequenceNumber(
        shard.createdSeconds(), Math.max(0, counter - 1), putSeconds, shard.shardId().index());
  }

  private Source<ShardRecords, NotUsed> end(ShardAddress address) {
    return inside
        .reads()
        .awaitChildren(address)
        .map(
            children ->
                new ShardRecords(address.shardId(), List.of(), Optional.empty(), 0, children));
  }
}
