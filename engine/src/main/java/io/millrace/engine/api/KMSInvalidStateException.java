package io.millrace.engine.api;

/**
 * The master key of the stream is in a state in which it cannot be used, such as pending deletion.
 * Nothing was done.
 */
public final class KMSInvalidStateException extends MillraceException {

  /** The error with a sentence about it. */
  public KMSInvalidStateException(String message) {
    super("KMSInvalidStateException", Outcome.REFUSED, message, null);
  }
}
