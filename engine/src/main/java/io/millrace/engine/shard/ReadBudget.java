package io.millrace.engine.shard;

import io.millrace.engine.internal.TokenBucket;
import io.millrace.engine.model.EngineClock;

/**
 * Admits reads: a call passes while anything is left of the data bucket, and is charged afterwards
 * what it returned, into debt. So a response of 10 MiB closes the shard to readers for 5 seconds,
 * as Kinesis documents. Owned by the gate.
 */
final class ReadBudget {

  private final EngineClock clock;
  private final TokenBucket bytes;
  private final TokenBucket calls;

  ReadBudget(ShardLimits limits, EngineClock clock) {
    this.clock = clock;
    this.bytes =
        new TokenBucket(limits.readBytesPerSecond(), limits.readBytesPerSecond(), clock.nanoTime());
    this.calls =
        new TokenBucket(limits.readCallsPerSecond(), limits.readCallsPerSecond(), clock.nanoTime());
  }

  boolean admitsCall() {
    long now = clock.nanoTime();
    return bytes.isPositive(now) && calls.tryTake(1, now);
  }

  /** Charges what an admitted call returned; no other call was admitted meanwhile. */
  void charge(long returnedBytes) {
    bytes.takeIfPositive(returnedBytes, clock.nanoTime());
  }
}
