package io.millrace.engine.internal;

import io.millrace.engine.model.EngineClock;

/**
 * Tokens that come back at a steady rate up to a capacity. Starts full. Time is the clock's
 * monotonic time. Not safe for several threads at once: its owner, an actor or a lock, serialises
 * the calls.
 */
public final class TokenBucket {

  private static final double NANOS_PER_SECOND = 1e9;

  private final EngineClock clock;
  private final double tokensPerSecond;
  private double capacity;
  private double tokens;
  private long refilledAt;

  /**
   * A full bucket.
   *
   * @param tokensPerSecond how many come back each second, above 0
   * @param capacity how many it holds at most, above 0
   */
  public TokenBucket(double tokensPerSecond, double capacity, EngineClock clock) {
    if (!(tokensPerSecond > 0) || !(capacity > 0)) {
      throw new IllegalArgumentException(
          "rate and capacity must be above 0: " + tokensPerSecond + ", " + capacity);
    }
    this.clock = clock;
    this.tokensPerSecond = tokensPerSecond;
    this.capacity = capacity;
    this.tokens = capacity;
    this.refilledAt = clock.nanoTime();
  }

  /** Whether it holds this many. */
  public boolean holds(double wanted) {
    refill();
    return tokens >= wanted;
  }

  /** Takes this many if it holds them all, else none. */
  public boolean tryTake(double wanted) {
    if (!holds(wanted)) {
      return false;
    }
    tokens -= wanted;
    return true;
  }

  /** Whether anything is left; the rule for those who charge afterwards. */
  public boolean isPositive() {
    refill();
    return tokens > 0;
  }

  /** Takes this many even if that leaves a debt. */
  public void charge(double spent) {
    refill();
    tokens -= spent;
  }

  /** Holds at most this many from now on. */
  public void resize(double newCapacity) {
    refill();
    tokens = Math.min(newCapacity, tokens + Math.max(0, newCapacity - capacity));
    capacity = newCapacity;
  }

  /** Nanoseconds until it holds this many, if nobody takes any; at most until it is full. */
  public long nanosUntil(double wanted) {
    refill();
    double missing = Math.min(wanted, capacity) - tokens;
    return missing <= 0 ? 0 : (long) Math.ceil(missing / tokensPerSecond * NANOS_PER_SECOND);
  }

  private void refill() {
    long now = clock.nanoTime();
    long elapsed = now - refilledAt;
    if (elapsed > 0) {
      tokens = Math.min(capacity, tokens + elapsed / NANOS_PER_SECOND * tokensPerSecond);
      refilledAt = now;
    }
  }
}
