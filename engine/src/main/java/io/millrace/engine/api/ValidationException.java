package io.millrace.engine.api;

/**
 * A member is missing or breaks a constraint of its type. The message names each such member by its
 * path.
 */
public final class ValidationException extends MillraceException {

  /** The error with a sentence about it. */
  public ValidationException(String message) {
    super("ValidationException", Outcome.REFUSED, message, null);
  }
}
