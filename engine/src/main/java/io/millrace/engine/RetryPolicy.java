package io.millrace.engine;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and how patiently a call is tried again: pauses grow exponentially and are drawn at
 * random between nothing and the current bound, so that callers who were refused together do not
 * come back together.
 *
 * @param maxAttempts attempts in all, the first included, at least 1
 * @param basePause bound of the first pause; doubled for each further one
 * @param maxPause the bound grows no further than this
 * @param retriesUnknown whether to try a call again that perhaps took effect; puts always are,
 *     since they bear repeating
 */
public record RetryPolicy(
    int maxAttempts, Duration basePause, Duration maxPause, boolean retriesUnknown) {

  /** Three attempts, pauses of up to 100 ms doubling to 20 s, nothing stored twice. */
  public static final RetryPolicy STANDARD =
      new RetryPolicy(3, Duration.ofMillis(100), Duration.ofSeconds(20), false);

  public RetryPolicy {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("needs at least one attempt: " + maxAttempts);
    }
    if (basePause.isNegative() || maxPause.isNegative()) {
      throw new IllegalArgumentException("a pause cannot be negative");
    }
  }

  /** The same policy with this many attempts in all. */
  public RetryPolicy withMaxAttempts(int attempts) {
    return new RetryPolicy(attempts, basePause, maxPause, retriesUnknown);
  }

  /** The same policy, retrying also what perhaps took effect. */
  public RetryPolicy withUnknownRetried() {
    return new RetryPolicy(maxAttempts, basePause, maxPause, true);
  }

  /** The pause after so many attempts that failed, at least 1: full jitter. */
  Duration pauseAfter(int attempts, RandomGenerator random) {
    long bound = basePause.toNanos();
    for (int i = 1; i < attempts && bound < maxPause.toNanos(); i++) {
      bound *= 2;
    }
    long capped = Math.min(bound, maxPause.toNanos());
    return Duration.ofNanos(random.nextLong(capped + 1));
  }
}
