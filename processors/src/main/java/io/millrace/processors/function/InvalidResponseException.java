package io.millrace.processors.function;

/** What a function returned cannot be read; the call counts as failed. */
public final class InvalidResponseException extends Exception {

  private static final long serialVersionUID = 1L;

  /** With a sentence about it. */
  public InvalidResponseException(String message) {
    super(message);
  }
}
