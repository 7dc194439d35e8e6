package io.millrace.fanout;

import io.millrace.engine.internal.TokenBucket;
import io.millrace.engine.model.EngineClock;

/**
 * What a registered consumer may get of one shard: so many bytes a second, and as many at once. A
 * push passes while anything is left, and is charged into debt. One for all subscriptions that
 * follow one another. Safe for any thread.
 */
final class PushBudget {

  private final TokenBucket bucket;
  private final EngineClock clock;

  PushBudget(long bytesPerSecond, EngineClock clock) {
    this.bucket = new TokenBucket(bytesPerSecond, bytesPerSecond, clock.nanoTime());
    this.clock = clock;
  }

  /**
   * Charges a push if it may be made now.
   *
   * @param bytes what it holds
   * @return 0 when it may, and has been charged; otherwise the nanoseconds until it may
   */
  synchronized long charge(long bytes) {
    long now = clock.nanoTime();
    return bytes == 0 || bucket.takeIfPositive(bytes, now) ? 0 : bucket.nanosUntilPositive(now);
  }
}
