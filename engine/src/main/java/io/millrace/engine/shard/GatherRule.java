package io.millrace.engine.shard;

import io.millrace.engine.model.EngineClock;

/**
 * When an idle gate may start the next write. Callers who put one record after another come back
 * together when a write answers them together; starting with the first of them would leave all
 * others to the write after, and writes would alternate between one record and the rest. So the
 * gate waits, for a moment, until about as many puts are back as the last write answered. A caller
 * who is alone never waits: the last write answered one.
 *
 * <p>The wait is bounded in turns through the gate's mailbox and by a part of what the last write
 * took. Owned by the gate.
 */
final class GatherRule {

  private static final int MAX_TURNS = 400;

  /** The wait costs at most one eighth of a write. */
  private static final int SHARE_OF_WRITE = 8;

  private final EngineClock clock;
  private int expectedPuts = 1;
  private long lastWriteNanos;
  private long startedAt;
  private long waitingSince;
  private int turns;

  GatherRule(EngineClock clock) {
    this.clock = clock;
  }

  /** A write starts that answers so many puts. */
  void started(int puts) {
    expectedPuts = Math.max(1, puts);
    startedAt = clock.nanoTime();
    turns = 0;
  }

  /** The write is done. */
  void finished() {
    waitingSince = clock.nanoTime();
    lastWriteNanos = waitingSince - startedAt;
  }

  /** How long the last write took, milliseconds rounded up. */
  long lastWriteMillis() {
    return lastWriteNanos / 1_000_000 + 1;
  }

  /** Whether it is worth another turn to wait for more; each call is one turn. */
  boolean waitsForMore(int puts) {
    return puts * 10L < expectedPuts * 9L
        && turns++ < MAX_TURNS
        && clock.nanoTime() - waitingSince < lastWriteNanos / SHARE_OF_WRITE;
  }
}
