package io.millrace.engine.api;

/**
 * The account has used up a quota, or does too much at once. {@link #outcome()} tells which: {@link
 * Outcome#REFUSED} until something is given up or the quota is raised, {@link Outcome#THROTTLED}
 * for a moment.
 */
public final class LimitExceededException extends MillraceException {

  private LimitExceededException(Outcome outcome, String message) {
    super("LimitExceededException", outcome, message, null);
  }

  /** The account may not have more: sending the request again does not help. */
  public static LimitExceededException refused(String message) {
    return new LimitExceededException(Outcome.REFUSED, message);
  }

  /** Too many calls, or too much under way: sending the request again helps. */
  public static LimitExceededException throttled(String message) {
    return new LimitExceededException(Outcome.THROTTLED, message);
  }
}
