package io.millrace.processors.event;

/** A filter pattern says what patterns cannot say. */
final class InvalidPatternException extends Exception {

  private static final long serialVersionUID = 1L;

  InvalidPatternException(String message) {
    super(message);
  }
}
