package io.millrace.systemtests;

import io.millrace.engine.model.EngineClock;

/** A clock whose wall time moves only when it is set. */
final class StoppedClock implements EngineClock {

  private volatile long epochMillis;

  StoppedClock(long epochMillis) {
    this.epochMillis = epochMillis;
  }

  void set(long millis) {
    epochMillis = millis;
  }

  @Override
  public long epochMillis() {
    return epochMillis;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
