package io.millrace.engine.api;

/** The key service has too much to do. Nothing was done; trying again later helps. */
public final class KMSThrottlingException extends MillraceException {

  /** The error with a sentence about it. */
  public KMSThrottlingException(String message) {
    super("KMSThrottlingException", Outcome.THROTTLED, message, null);
  }
}
