package io.millrace.engine.api;

/**
 * The engine may not use the master key of the stream, or its key store is not safe to use. Nothing
 * was done.
 */
public final class KMSAccessDeniedException extends MillraceException {

  /** The error with a sentence about it. */
  public KMSAccessDeniedException(String message) {
    super("KMSAccessDeniedException", Outcome.REFUSED, message, null);
  }
}
