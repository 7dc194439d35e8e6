package io.millrace.persistence;

import java.sql.SQLException;
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

  private static final long PATIENCE_SECONDS = 30;

  /** Not a lock: a transaction may end on another thread. */
  private final Semaphore turn = new Semaphore(1, true);

  void begin() throws SQLException {
    try {
      if (!turn.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new SQLException("Not written: another transaction takes too long", "HYT00");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("Not written: interrupted", "HY008", e);
    }
  }

  void end() {
    turn.release();
  }
}
