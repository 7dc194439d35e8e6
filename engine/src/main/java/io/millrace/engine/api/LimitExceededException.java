package io.millrace.engine.api;

/**
 * The account has used up a quota, or makes too many such calls. Sending the request again helps
 * when it was the rate of calls.
 */
public final class LimitExceededException extends MillraceException {

  /** The error with a sentence about it. */
  public LimitExceededException(String message) {
    super("LimitExceededException", Outcome.THROTTLED, message, null);
  }
}
