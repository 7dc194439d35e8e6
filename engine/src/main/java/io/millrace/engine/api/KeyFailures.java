package io.millrace.engine.api;

import io.millrace.engine.model.KeyFailure;

/** What it means to a caller that a master key cannot be used. */
public final class KeyFailures {

  private KeyFailures() {}

  /** The error of the API for this reason. Certainly nothing was stored. */
  public static MillraceException of(KeyFailure reason, String message) {
    return switch (reason) {
      case DISABLED -> new KMSDisabledException(message);
      case INVALID_STATE -> new KMSInvalidStateException(message);
      case ACCESS_DENIED -> new KMSAccessDeniedException(message);
      case NOT_FOUND -> new KMSNotFoundException(message);
      case OPT_IN_REQUIRED -> new KMSOptInRequired(message);
      case THROTTLED -> new KMSThrottlingException(message);
      case UNAVAILABLE -> InternalFailureException.notWritten(message);
    };
  }
}
