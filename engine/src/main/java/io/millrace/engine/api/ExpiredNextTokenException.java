package io.millrace.engine.api;

/** The token of a listing is older than 300 seconds. List again from the first page. */
public final class ExpiredNextTokenException extends MillraceException {

  /** The error with a sentence about it. */
  public ExpiredNextTokenException(String message) {
    super("ExpiredNextTokenException", Outcome.REFUSED, message, null);
  }
}
