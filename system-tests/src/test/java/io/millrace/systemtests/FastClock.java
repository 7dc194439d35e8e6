package io.millrace.systemtests;

import io.millrace.engine.model.EngineClock;

/**
 * A clock on which time flies, so that records expire within seconds. It stands still until it is
 * started.
 */
final class FastClock implements EngineClock {

  private final long startMillis;
  private final long factor;
  private volatile long startedAtMillis;

  FastClock(long startMillis, long factor) {
    this.startMillis = startMillis;
    this.factor = factor;
  }

  /**
   * Lets time run.
   *
   * @return the time of this machine at which it began to
   */
  long start() {
    startedAtMillis = System.currentTimeMillis();
    return startedAtMillis;
  }

  @Override
  public long epochMillis() {
    long startedAt = startedAtMillis;
    return startedAt == 0
        ? startMillis
        : at(startMillis, factor, startedAt, System.currentTimeMillis());
  }

  /** What such a clock says when the machine's says {@code nowMillis}. */
  static long at(long startMillis, long factor, long startedAtMillis, long nowMillis) {
    return startMillis + (nowMillis - startedAtMillis) * factor;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
