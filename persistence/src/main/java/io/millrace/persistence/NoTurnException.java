package io.millrace.persistence;

import java.sql.SQLTransientException;

/** A transaction did not get its turn to write. Nothing of it has reached the database. */
final class NoTurnException extends SQLTransientException {

  private static final long serialVersionUID = 1L;

  private NoTurnException(String reason, String state, Throwable cause) {
    super("Not written: " + reason, state, cause);
  }

  /** Another transaction had its turn for too long. */
  static NoTurnException tooLate() {
    return new NoTurnException("another transaction takes too long", "HYT00", null);
  }

  /** The thread was interrupted while it waited. */
  static NoTurnException interrupted(InterruptedException cause) {
    return new NoTurnException("interrupted", "HY008", cause);
  }
}
