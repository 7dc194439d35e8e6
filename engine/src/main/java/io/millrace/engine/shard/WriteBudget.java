package io.millrace.engine.shard;

import io.millrace.engine.internal.TokenBucket;
import io.millrace.engine.model.EngineClock;

/**
 * Admits puts: a record passes only if both buckets hold its full cost, and a refused record costs
 * nothing. Owned by the gate.
 */
final class WriteBudget {

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final ShardLimits limits;
  private final EngineClock clock;
  private final TokenBucket records;
  private TokenBucket bytes;
  private int burstBytes;

  WriteBudget(ShardLimits limits, EngineClock clock) {
    this.limits = limits;
    this.clock = clock;
    this.records =
        new TokenBucket(
            limits.writeRecordsPerSecond(), limits.writeRecordsPerSecond(), clock.nanoTime());
    allowBurst(limits.writeBytesPerSecond());
  }

  /**
   * A stream that takes larger records has a larger burst. What was taken stays taken, or changing
   * the burst to and fro would buy any amount.
   */
  void allowBurst(int largestRecordBytes) {
    int wanted = Math.max(limits.writeBytesPerSecond(), largestRecordBytes);
    if (wanted != burstBytes) {
      long now = clock.nanoTime();
      long missing = missingBytes(now);
      bytes = new TokenBucket(wanted, limits.writeBytesPerSecond(), now);
      bytes.takeIfPositive(missing, now);
      burstBytes = wanted;
    }
  }

  /** What the bucket lacks to be full, rounded up. */
  private long missingBytes(long now) {
    if (bytes == null) {
      return 0;
    }
    long nanos = bytes.nanosUntil(burstBytes, now);
    return (nanos * limits.writeBytesPerSecond() + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
  }

  boolean admits(int size) {
    long now = clock.nanoTime();
    return bytes.nanosUntil(size, now) == 0 && records.tryTake(1, now) && bytes.tryTake(size, now);
  }

  /** Milliseconds until a record of this size may pass, rounded up. */
  long millisUntil(int size) {
    long now = clock.nanoTime();
    long nanos = Math.max(bytes.nanosUntil(size, now), records.nanosUntil(1, now));
    return nanos / NANOS_PER_MILLI + 1;
  }
}
