package io.millrace.processors.api;

/** A value lies outside of its bounds. Sending the request again does not help. */
public final class InvalidParameterValueException extends ProcessorException {

  private static final long serialVersionUID = 1L;

  /** The error with a sentence about it. */
  public InvalidParameterValueException(String message) {
    super("InvalidParameterValueException", message);
  }
}
