package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.pattern.CircuitBreakerOpenException;

/** Tells the failures of a write that certainly left nothing behind from those that may have. */
final class WriteFailures {

  private WriteFailures() {}

  /** Whether this failure, or a cause of it, means that the write never reached the database. */
  static boolean proveNotWritten(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean neverHandedOver =
          cause instanceof CircuitBreakerOpenException
              || cause instanceof RejectedExecutionException
              || cause instanceof SQLTransientConnectionException
              || cause instanceof NoTurnException;
      boolean takenBack =
          cause instanceof StorageException storage
              && storage.reason() == StorageException.Reason.OWNERSHIP_LOST;
      if (neverHandedOver || takenBack) {
        return true;
      }
    }
    return false;
  }
}
