package io.millrace.engine.shard;

import io.millrace.engine.internal.TokenBucket;
import io.millrace.engine.model.EngineClock;

/**
 * Admits reads: a call passes while anything is left of the data bucket, and is charged afterwards
 * what it returned, into debt. So a response of 10 MiB closes the shard to readers for 5 seconds,
 * as Kinesis documents. Owned by the gate.
 */
final class ReadBudget {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final EngineClock clock;
  private final int bytesPerSecond;
  private final TokenBucket bytes;
  private final TokenBucket calls;
  private long closedUntil;

  ReadBudget(ShardLimits limits, EngineClock clock) {
    this.clock = clock;
    this.bytesPerSecond = limits.readBytesPerSecond();
    this.bytes = new TokenBucket(bytesPerSecond, bytesPerSecond, clock.nanoTime());
    this.calls =
        new TokenBucket(limits.readCallsPerSecond(), limits.readCallsPerSecond(), clock.nanoTime());
    this.closedUntil = clock.nanoTime();
  }

  boolean admitsCall() {
    long now = clock.nanoTime();
    return now - closedUntil >= 0 && bytes.isPositive(now) && calls.tryTake(1, now);
  }

  /**
   * Charges what an admitted call returned; no other call was admitted meanwhile. One response of
   * more than a second's worth closes the shard for as long as it is worth, however rested it was.
   */
  void charge(long returnedBytes) {
    long now = clock.nanoTime();
    bytes.takeIfPositive(returnedBytes, now);
    if (returnedBytes > bytesPerSecond) {
      closedUntil = now + returnedBytes * NANOS_PER_SECOND / bytesPerSecond;
    }
  }
}
