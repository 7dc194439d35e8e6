package io.millrace.processors.lane;

import java.time.Duration;

/** Pauses that double from one attempt to the next, up to a bound. */
final class Backoff {

  private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();
  private static final int DOUBLINGS = 10;

  private Backoff() {}

  /**
   * The pause before the next attempt, nanoseconds.
   *
   * @param attempts how many have failed, 1 or more
   */
  static long afterNanos(int attempts) {
    return Math.min(FIRST_NANOS << Math.min(attempts - 1, DOUBLINGS), LONGEST_NANOS);
  }
}
