package io.millrace.processors.api;

/** There is no such mapping, or no such stream. */
public final class ResourceNotFoundException extends ProcessorException {

  private static final long serialVersionUID = 1L;

  /** The error with a sentence about it. */
  public ResourceNotFoundException(String message) {
    super("ResourceNotFoundException", message);
  }
}
