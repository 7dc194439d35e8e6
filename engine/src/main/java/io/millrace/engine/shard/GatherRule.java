package io.millrace.engine.shard;

import io.millrace.engine.model.EngineClock;

/**
 * When an idle gate may start the next write. Callers who put one record after another come back
 * together when a write answers them together; starting with the first of them, or with those alone
 * who came while it was under way, would leave the others to the write after, and callers would be
 * served in turns, each write half as large as it could be. So the gate waits, for a moment, until
 * about as many puts are there as the last write answered and found waiting. A caller who is alone
 * never waits.
 *
 * <p>The wait is bounded in turns through the gate's mailbox and by a part of what the last write
 * took, counted from the first put that waits. Owned by the gate.
 */
final class GatherRule {

  private static final int MAX_TURNS = 400;

  /** The wait costs at most a quarter of a write. */
  private static final int SHARE_OF_WRITE = 4;

  private final EngineClock clock;

  /** Puts under way when the last write ended: answered by it, or waiting. */
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

  /** The write is done, and so many puts wait for the next. */
  void finished(int waiting) {
    lastWriteNanos = clock.nanoTime() - startedAt;
    expectedPuts += waiting;
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
