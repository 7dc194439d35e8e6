package io.millrace.processors.api;

/**
 * The storage did not say whether the change was stored. Ask for the mapping before trying again.
 */
public final class ServiceException extends ProcessorException {

  private static final long serialVersionUID = 1L;

  /** The error with a sentence about it. */
  public ServiceException(String message) {
    super("ServiceException", message);
  }
}
