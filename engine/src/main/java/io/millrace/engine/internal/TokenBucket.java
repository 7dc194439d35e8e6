package io.millrace.engine.internal;

/**
 * A budget that refills at a steady rate up to its capacity, and starts full. In any window of
 * {@code w} seconds {@link #tryTake} grants at most {@code capacity + w * rate}; {@link
 * #takeIfPositive} at most that and one request more.
 *
 * <p>The arithmetic is exact: a nanosecond adds a billionth of the rate. Not safe for use by
 * several threads at once. Time is a parameter, from a monotonic clock; a step back counts as no
 * time.
 */
public final class TokenBucket {

  private static final long NANOS = 1_000_000_000L;

  private final long capacity;
  private final long perSecond;

  // In billionths of a token; below 0 when in debt.
  private long balance;
  private long atNanos;

  /**
   * A full bucket.
   *
   * @param capacity the most it holds, 1 to 4,000,000,000
   * @param perSecond how many tokens a second adds, 1 to 4,000,000,000
   * @param nowNanos monotonic time, nanoseconds
   */
  public TokenBucket(long capacity, long perSecond, long nowNanos) {
    if (capacity < 1 || capacity > 4 * NANOS || perSecond < 1 || perSecond > 4 * NANOS) {
      throw new IllegalArgumentException(
          "outside 1 to 4,000,000,000: capacity %d, %d per second".formatted(capacity, perSecond));
    }
    this.capacity = capacity;
    this.perSecond = perSecond;
    this.balance = capacity * NANOS;
    this.atNanos = nowNanos;
  }

  /**
   * Takes so many tokens if it holds them all, else none.
   *
   * @param tokens how many, 0 or more; more than the capacity are never granted
   */
  public boolean tryTake(long tokens, long nowNanos) {
    if (tokens < 0) {
      throw new IllegalArgumentException("negative: " + tokens);
    }
    refill(nowNanos);
    if (tokens > capacity || balance < tokens * NANOS) {
      return false;
    }
    balance -= tokens * NANOS;
    return true;
  }

  /**
   * Takes so many tokens, however many it holds, as long as it holds any: it may go into debt,
   * which refilling pays first.
   *
   * @param tokens how many, 0 to 4,000,000,000
   */
  public boolean takeIfPositive(long tokens, long nowNanos) {
    if (tokens < 0 || tokens > 4 * NANOS) {
      throw new IllegalArgumentException("outside 0 to 4,000,000,000: " + tokens);
    }
    refill(nowNanos);
    if (balance <= 0) {
      return false;
    }
    balance -= tokens * NANOS;
    return true;
  }

  /** Whether {@link #takeIfPositive} would be granted now. */
  public boolean isPositive(long nowNanos) {
    refill(nowNanos);
    return balance > 0;
  }

  /**
   * How long until {@link #tryTake} would grant so many, if nobody takes any meanwhile.
   *
   * @return nanoseconds, 0 when it would now; {@link Long#MAX_VALUE} when it never would
   */
  public long nanosUntil(long tokens, long nowNanos) {
    refill(nowNanos);
    return tokens > capacity ? Long.MAX_VALUE : nanosToReach(tokens * NANOS);
  }

  /**
   * How long until {@link #takeIfPositive} would be granted, if nobody takes any meanwhile.
   *
   * @return nanoseconds, 0 when it would now
   */
  public long nanosUntilPositive(long nowNanos) {
    refill(nowNanos);
    return nanosToReach(1);
  }

  private long nanosToReach(long wanted) {
    long missing = wanted - balance;
    return missing <= 0 ? 0 : (missing + perSecond - 1) / perSecond;
  }

  private void refill(long nowNanos) {
    long elapsed = nowNanos - atNanos;
    if (elapsed <= 0) {
      return;
    }
    atNanos = nowNanos;
    long full = capacity * NANOS;
    // Compared in time first, so that a long rest does not overflow.
    balance = elapsed >= nanosToReach(full) ? full : balance + elapsed * perSecond;
  }
}
