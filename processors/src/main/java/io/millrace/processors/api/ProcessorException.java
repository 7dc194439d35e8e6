package io.millrace.processors.api;

/** A request about mappings failed. {@link #errorName()} says which error of the API it is. */
public abstract sealed class ProcessorException extends RuntimeException
    permits InvalidParameterValueException,
        ResourceConflictException,
        ResourceNotFoundException,
        TooManyRequestsException,
        ServiceException {

  private static final long serialVersionUID = 1L;

  private final String errorName;

  ProcessorException(String errorName, String message) {
    super(message);
    this.errorName = errorName;
  }

  /** The error of the API that this is. */
  public final String errorName() {
    return errorName;
  }
}
