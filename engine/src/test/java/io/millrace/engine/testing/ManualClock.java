package io.millrace.engine.testing;

import io.millrace.engine.model.EngineClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until a test moves it. Wall time and monotonic time move together or
 * apart; wall time may go back, as a real one may. Safe for any thread.
 */
public final class ManualClock implements EngineClock {

  /** 2026-01-01T00:00Z, where {@link #ManualClock()} starts. */
  public static final long START_MILLIS = 1_767_225_600_000L;

  private final AtomicLong epochMillis;
  private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

  public ManualClock() {
    this(START_MILLIS);
  }

  public ManualClock(long epochMillis) {
    this.epochMillis = new AtomicLong(epochMillis);
  }

  @Override
  public long epochMillis() {
    return epochMillis.get();
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  /** Time passes: both clocks move. */
  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
    epochMillis.addAndGet(time.toMillis());
  }

  /** Only the monotonic clock moves. */
  public void advanceMonotonic(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** The wall clock is set, forward or back, while no time passes. */
  public void setWall(long newEpochMillis) {
    epochMillis.set(newEpochMillis);
  }

  /** The wall clock jumps, forward or back, while no time passes. */
  public void jumpWall(Duration jump) {
    epochMillis.addAndGet(jump.toMillis());
  }
}
