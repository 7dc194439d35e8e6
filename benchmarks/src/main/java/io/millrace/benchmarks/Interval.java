package io.millrace.benchmarks;

import java.time.Duration;

/**
 * A time between two readings of {@link System#nanoTime}.
 *
 * @param from its start
 * @param to its end
 */
record Interval(long from, long to) {

  /** The time that a call takes. */
  static Interval of(Load.BlockingCall call) throws Exception {
    long from = System.nanoTime();
    call.call();
    return new Interval(from, System.nanoTime());
  }

  /** A time next to the start of this one: so long after it, or before it where negative. */
  Interval fromStart(Duration from, Duration to) {
    return new Interval(this.from + from.toNanos(), this.from + to.toNanos());
  }

  double nanos() {
    return 1.0 * (to - from);
  }

  double millis() {
    return nanos() / 1e6;
  }

  /** How much of this time lies within the other one, from 0 to 1. */
  double shareWithin(Interval other) {
    long common = Math.min(to, other.to) - Math.max(from, other.from);
    return Math.max(0, common / nanos());
  }
}
