package io.millrace.engine.router;

import io.millrace.engine.api.ForgottenPutException;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.KeyFailures;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResultEntry;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardMessage.Forgotten;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardMessage.Throttled;
import io.millrace.engine.shard.ShardMessage.Unknown;
import io.millrace.engine.stream.StreamView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * A put with backpressure: records flow in as fast as the shards take them. What a shard throttles
 * is offered again when there is room, and until then nothing more is asked for, so that nobody
 * upstream is ever told <em>throttled</em>. Records of one shard keep their order.
 */
public final class PutFlow {

  /** Records are sent in batches as large as have gathered while the last one was under way. */
  private static final int BATCH_BYTES = 2 << 20;

  private static final int BATCH_RECORDS = 500;

  /** Budgets are given time to gather more than one record. */
  private static final long LEAST_PAUSE_MILLIS = 10;

  /** A storage that does not answer is waited for, this long in all. */
  private static final int MAX_OUTAGE_ATTEMPTS = 60;

  private static final Duration OUTAGE_PAUSE = Duration.ofMillis(500);

  private final PutRouter router;
  private final ActorSystem<?> system;
  private final StreamName stream;

  /** A flow into this stream. */
  public PutFlow(PutRouter router, ActorSystem<?> system, StreamName stream) {
    this.router = router;
    this.system = system;
    this.stream = stream;
  }

  /** The flow; may be used any number of times. */
  public Flow<PutRecordsRequestEntry, PutRecordsResultEntry, NotUsed> flow() {
    return Flow.<PutRecordsRequestEntry>create()
        .batchWeighted(BATCH_BYTES, PutFlow::weight, PutFlow::first, PutFlow::with)
        .mapAsync(1, batch -> putAll(batch.toArray(PutRecordsRequestEntry[]::new)))
        .mapConcat(results -> results);
  }

  /** A batch is full by bytes or by records, whichever comes first. */
  private static long weight(PutRecordsRequestEntry entry) {
    int bytes = entry.data() == null ? 0 : entry.data().size();
    return Math.max(bytes, BATCH_BYTES / BATCH_RECORDS);
  }

  private static List<PutRecordsRequestEntry> first(PutRecordsRequestEntry entry) {
    List<PutRecordsRequestEntry> batch = new ArrayList<>();
    batch.add(entry);
    return batch;
  }

  private static List<PutRecordsRequestEntry> with(
      List<PutRecordsRequestEntry> batch, PutRecordsRequestEntry entry) {
    batch.add(entry);
    return batch;
  }

  private CompletionStage<List<PutRecordsResultEntry>> putAll(PutRecordsRequestEntry[] entries) {
    PutRecordsResultEntry[] results = new PutRecordsResultEntry[entries.length];
    int[] all = new int[entries.length];
    Arrays.setAll(all, i -> i);
    return put(entries, all, results, 0).thenApply(ignored -> Arrays.asList(results));
  }

  /** Puts the entries at these positions, and again those that were not taken. */
  private CompletionStage<Void> put(
      PutRecordsRequestEntry[] entries,
      int[] positions,
      PutRecordsResultEntry[] results,
      int outageAttempts) {
    StreamView view = router.writable(stream);
    List<PutRecordsRequestEntry> batch =
        Arrays.stream(positions).mapToObj(position -> entries[position]).toList();
    check(view, batch);
    return router
        .put(view, batch, true)
        .thenCompose(
            outcomes -> {
              Pair<int[], Pause> left = settle(outcomes, positions, results);
              if (left.first().length == 0) {
                return CompletableFuture.completedStage(null);
              }
              int outages = left.second().outage ? outageAttempts + 1 : 0;
              if (outages > MAX_OUTAGE_ATTEMPTS) {
                throw InternalFailureException.notWritten(
                    "The storage did not answer for a long time.");
              }
              return Patterns.after(
                      left.second().length, system, () -> CompletableFuture.completedStage(null))
                  .thenCompose(ignored -> put(entries, left.first(), results, outages));
            });
  }

  private void check(StreamView view, List<PutRecordsRequestEntry> batch) {
    PutRecordsRequest request = PutRecordsRequest.of(stream.value(), batch);
    request.validate();
    request.checkArguments(view.distribution());
    request.checkSize(view.maxRecordBytes(), Integer.MAX_VALUE);
  }

  /** How long to wait before what is left is offered again. */
  private record Pause(Duration length, boolean outage) {}

  /** Notes what is stored; the rest is left for another attempt. */
  private Pair<int[], Pause> settle(
      List<PutOutcome> outcomes, int[] positions, PutRecordsResultEntry[] results) {
    int[] left = new int[positions.length];
    int count = 0;
    long pauseMillis = LEAST_PAUSE_MILLIS;
    boolean outage = false;
    for (int i = 0; i < positions.length; i++) {
      PutOutcome outcome = outcomes.get(i);
      if (outcome instanceof Stored stored) {
        results[positions[i]] =
            PutRecordsResultEntry.stored(
                stored.sequenceNumber().shardId(), stored.sequenceNumber());
      } else if (outcome instanceof KeyRefused refused) {
        throw KeyFailures.of(refused.reason(), refused.why());
      } else if (outcome instanceof Unknown unknown) {
        throw InternalFailureException.unknown(unknown.why());
      } else if (outcome instanceof Forgotten) {
        throw new ForgottenPutException();
      } else {
        left[count++] = positions[i];
        outage |= outcome instanceof NotWritten;
        if (outcome instanceof Throttled throttled) {
          pauseMillis = Math.max(pauseMillis, throttled.retryAfterMillis());
        }
      }
    }
    Duration pause = outage ? OUTAGE_PAUSE : Duration.ofMillis(pauseMillis);
    return Pair.create(Arrays.copyOf(left, count), new Pause(pause, outage));
  }
}
