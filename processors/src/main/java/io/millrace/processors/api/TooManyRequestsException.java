package io.millrace.processors.api;

/** More mappings are being changed at once than can wait. Trying later helps. */
public final class TooManyRequestsException extends ProcessorException {

  private static final long serialVersionUID = 1L;

  /** The error with a sentence about it. */
  public TooManyRequestsException(String message) {
    super("TooManyRequestsException", message);
  }
}
