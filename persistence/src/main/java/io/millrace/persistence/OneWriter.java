package io.millrace.persistence;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one transaction at a time write to an H2 database, from its first write to its commit; the
 * sync comes after that.
 *
 * <p>H2 saves its maps one after the other while others write to them. What it saves can therefore
 * hold a committed row whose payload is not there yet. While only one writes, and it is also the
 * one that saves, that cannot be.
 */
final class OneWriter {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Not a lock: a transaction may end on another thread. */
  private final Semaphore turn = new Semaphore(1, true);

  private final Duration patience;

  OneWriter() {
    this(PATIENCE);
  }

  /** For tests: transactions wait so long for their turn. */
  OneWriter(Duration patience) {
    this.patience = patience;
  }

  /** Waits for the turn of a transaction that has not written yet. */
  void begin() throws NoTurnException {
    try {
      if (!turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw NoTurnException.tooLate();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NoTurnException.interrupted(e);
    }
  }

  void end() {
    turn.release();
  }
}
