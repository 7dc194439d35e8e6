package io.millrace.engine.shard;

import io.millrace.engine.internal.TokenBucket;
import io.millrace.engine.model.EngineClock;

/**
 * Admits puts: a record passes only if both buckets hold its full cost, and a refused record costs
 * nothing. Owned by the gate.
 */
final class WriteBudget {

  private final TokenBucket bytes;
  private final TokenBucket records;
  private final int leastBurstBytes;
  private int burstBytes;

  WriteBudget(ShardLimits limits, EngineClock clock) {
    this.leastBurstBytes = limits.writeBytesPerSecond();
    this.burstBytes = leastBurstBytes;
    this.bytes = new TokenBucket(limits.writeBytesPerSecond(), burstBytes, clock);
    this.records =
        new TokenBucket(limits.writeRecordsPerSecond(), limits.writeRecordsPerSecond(), clock);
  }

  /** A stream that takes larger records has a larger burst. */
  void allowBurst(int largestRecordBytes) {
    int wanted = Math.max(leastBurstBytes, largestRecordBytes);
    if (wanted != burstBytes) {
      burstBytes = wanted;
      bytes.resize(wanted);
    }
  }

  boolean admits(int size) {
    if (bytes.holds(size) && records.holds(1)) {
      bytes.charge(size);
      records.charge(1);
      return true;
    }
    return false;
  }

  /** Milliseconds until a record of this size may pass, rounded up. */
  long millisUntil(int size) {
    long nanos = Math.max(bytes.nanosUntil(size), records.nanosUntil(1));
    return (nanos + 999_999) / 1_000_000;
  }
}
