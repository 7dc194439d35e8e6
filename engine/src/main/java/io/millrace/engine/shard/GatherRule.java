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
 * took, counted from the first put that waits. Owned by the gate.
 */
final class GatherRule {

  private static final int MAX_TURNS = 400;

  /** The wait costs at most a quarter of a write. */
  private static final int SHARE_OF_WRITE = 4;

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
    lastWriteNanos = clock.nanoTime() - startedAt;
  }

  /** How long the last write took, milliseconds rounded up. */
  long lastWriteMillis() {
    return lastWriteNanos / 1_000_000 + 1;
  }

  /** Whether it is worth another turn to wait for more; each call is one turn. */
  boolean waitsForMore(int puts) {
    if (puts * 10L >= expectedPuts * 9L) {
      return false;
    }
    long now = clock.nanoTime();
    if (turns++ == 0) {
      waitingSince = now;
    }
    return turns <= MAX_TURNS && now - waitingSince < lastWriteNanos / SHARE_OF_WRITE;
  }
}
