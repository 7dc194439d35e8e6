package io.millrace.engine.api;

/**
 * The key store has no such master key. Nothing was done; when the key is back, what it encrypted
 * can be read again.
 */
public final class KMSNotFoundException extends MillraceException {

  /** The error with a sentence about it. */
  public KMSNotFoundException(String message) {
    super("KMSNotFoundException", Outcome.REFUSED, message, null);
  }
}
