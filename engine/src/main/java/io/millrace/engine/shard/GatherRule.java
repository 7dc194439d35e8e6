package io.millrace.engine.shard;

import io.millrace.engine.model.EngineClock;
import java.time.Duration;

/**
 * When an idle gate may start the next write. Callers who put one record after another come back
 * together when a write answers them together; starting with the first of them, or with those alone
 * who came while it was under way, would leave the others to the write after, and callers would be
 * served in turns, each write half as large as it could be. So the gate waits, for a moment, until
 * about as many puts are there as the last write answered and found waiting. A caller who is alone
 * never waits.
 *
 * <p>A wait is counted from the first put that waits, and takes as long as the last write did at
 * most: callers whose requests went to several shards come back when the last of these has written.
 * Callers who do not wait for their answers never come back together, and then it is in vain; after
 * a few such waits in a row only each eighth is as long, and the others a quarter of it.
 *
 * <p>The gate looks anew whenever a put comes. Beside that it looks a number of times at once,
 * through its mailbox, since most callers are back in no time, and then once more, when the wait is
 * over. Owned by the gate.
 */
final class GatherRule {

  private static final int LOOKS_AT_ONCE = 32;

  private static final long MAX_WAIT_NANOS = Duration.ofMillis(50).toNanos();

  private static final int FEW_IN_VAIN = 3;
  private static final int LONG_ONE_OF = 8;
  private static final int SHORT_SHARE = 4;

  private final EngineClock clock;

  /** Puts under way when the last write ended: answered by it, or waiting. */
  private int expectedPuts = 1;

  private long lastWriteNanos;
  private long startedAt;

  private boolean isWaiting;
  private boolean isOver;
  private long waitEnds;
  private int looks;

  /** Waits in a row at whose end too few puts were there. */
  private int inVain;

  GatherRule(EngineClock clock) {
    this.clock = clock;
  }

  /** A write starts that answers so many puts. */
  void started(int puts) {
    expectedPuts = Math.max(1, puts);
    startedAt = clock.nanoTime();
    if (isWaiting) {
      inVain = isOver ? inVain + 1 : 0;
    }
    isWaiting = false;
    isOver = false;
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

  /** Whether it is worth waiting for more than these puts. */
  boolean waitsForMore(int puts) {
    if (puts * 10L >= expectedPuts * 9L) {
      return false;
    }
    long now = clock.nanoTime();
    if (!isWaiting) {
      isWaiting = true;
      waitEnds = now + patienceNanos();
      looks = 0;
    }
    isOver = looks > LOOKS_AT_ONCE || now - waitEnds >= 0;
    return !isOver;
  }

  private long patienceNanos() {
    boolean isLong = inVain < FEW_IN_VAIN || inVain % LONG_ONE_OF == 0;
    return Math.min(MAX_WAIT_NANOS, isLong ? lastWriteNanos : lastWriteNanos / SHORT_SHARE);
  }

  /** While it waits: in how long to look again if no put comes, nanoseconds; 0 for at once. */
  long nanosToNextLook() {
    return looks < LOOKS_AT_ONCE ? 0 : Math.max(0, waitEnds - clock.nanoTime());
  }

  /** The gate has looked, as it was told. */
  void looked() {
    looks++;
  }
}
