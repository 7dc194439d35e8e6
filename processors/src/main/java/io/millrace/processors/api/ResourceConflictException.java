package io.millrace.processors.api;

/** Such a mapping exists already, or the mapping is being changed. Trying later may help. */
public final class ResourceConflictException extends ProcessorException {

  private static final long serialVersionUID = 1L;

  /** The error with a sentence about it. */
  public ResourceConflictException(String message) {
    super("ResourceConflictException", message);
  }
}
