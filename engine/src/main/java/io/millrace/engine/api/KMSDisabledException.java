package io.millrace.engine.api;

/**
 * The master key of the stream is disabled. Nothing was done, and nothing is lost: enable the key,
 * or encrypt under another one.
 */
public final class KMSDisabledException extends MillraceException {

  /** The error with a sentence about it. */
  public KMSDisabledException(String message) {
    super("KMSDisabledException", Outcome.REFUSED, message, null);
  }
}
