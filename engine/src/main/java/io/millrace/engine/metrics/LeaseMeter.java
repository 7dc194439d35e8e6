package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.millrace.engine.model.EngineClock;
import java.util.concurrent.TimeUnit;

/** Counts the work on a shard that a worker has the lease of. Safe for any thread. */
public final class LeaseMeter implements AutoCloseable {

  /** Counts nothing. */
  public static final LeaseMeter NONE =
      new LeaseMeter(
          Meters.nowhere("application", "none", "stream", "none", "shard", "none"),
          EngineClock.SYSTEM);

  private static final long NOTHING_LEFT = Long.MAX_VALUE;

  private final Meters meters;
  private final EngineClock clock;
  private final Counter records;
  private final Counter bytes;
  private final Timer processed;
  private final Timer failed;
  private final Timer checkpointed;
  private final Timer checkpointFailed;

  /** When the oldest record arrived that is not processed, epoch milliseconds. */
  private volatile long oldestMillis = NOTHING_LEFT;

  LeaseMeter(Meters meters, EngineClock clock) {
    this.meters = meters;
    this.clock = clock;
    this.records = meters.counter(EngineMetric.CONSUMER_RECORDS);
    this.bytes = meters.counter(EngineMetric.CONSUMER_BYTES);
    this.processed = meters.timer(EngineMetric.CONSUMER_BATCHES, "result", "success");
    this.failed = meters.timer(EngineMetric.CONSUMER_BATCHES, "result", "failure");
    this.checkpointed = meters.timer(EngineMetric.CONSUMER_CHECKPOINTS, "result", "success");
    this.checkpointFailed = meters.timer(EngineMetric.CONSUMER_CHECKPOINTS, "result", "failure");
    meters.millis(EngineMetric.CONSUMER_BEHIND, this, LeaseMeter::behindMillis);
  }

  private double behindMillis() {
    long oldest = oldestMillis;
    return oldest == NOTHING_LEFT ? 0 : Math.max(0, clock.epochMillis() - oldest);
  }

  /** Monotonic time, nanoseconds: what durations are measured by. */
  public long nanoTime() {
    return clock.nanoTime();
  }

  /**
   * Records are about to be processed.
   *
   * @param oldestArrivalMillis when the first of them arrived, epoch milliseconds
   */
  public synchronized void begun(long oldestArrivalMillis) {
    oldestMillis = Math.min(oldestMillis, oldestArrivalMillis);
  }

  /**
   * Records were processed.
   *
   * @param moreBytes bytes of their data
   */
  public void processed(int more, long moreBytes, long nanos) {
    delivered(more, moreBytes);
    processed.record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Records were handed to somebody whose work on them is not seen.
   *
   * @param moreBytes bytes of their data
   */
  public void delivered(int more, long moreBytes) {
    records.increment(more);
    bytes.increment((double) moreBytes);
  }

  /**
   * All that was retrieved is processed.
   *
   * @param millisBehindLatest age of the first record that is left; 0 when none is
   */
  public synchronized void left(long millisBehindLatest) {
    oldestMillis = millisBehindLatest > 0 ? clock.epochMillis() - millisBehindLatest : NOTHING_LEFT;
  }

  /** Processing records failed. */
  public void failed(long nanos) {
    failed.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A checkpoint is durable, or could not be stored. */
  public void checkpointed(boolean isStored, long nanos) {
    (isStored ? checkpointed : checkpointFailed).record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    meters.close();
  }
}
