package io.millrace.engine.api;

/** The account has not subscribed to the key service. Nothing was done. */
public final class KMSOptInRequired extends MillraceException {

  /** The error with a sentence about it. */
  public KMSOptInRequired(String message) {
    super("KMSOptInRequired", Outcome.REFUSED, message, null);
  }
}
