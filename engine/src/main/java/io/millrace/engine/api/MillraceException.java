package io.millrace.engine.api;

/**
 * A request failed. {@link #outcome()} says what it left behind and whether to send it again,
 * {@link #errorName()} which error of the API it is.
 */
public abstract sealed class MillraceException extends RuntimeException
    permits ResourceNotFoundException,
        ResourceInUseException,
        InvalidArgumentException,
        ValidationException,
        LimitExceededException,
        ProvisionedThroughputExceededException,
        DryRunOperationException,
        ExpiredIteratorException,
        ExpiredNextTokenException,
        KMSDisabledException,
        KMSInvalidStateException,
        KMSAccessDeniedException,
        KMSNotFoundException,
        KMSOptInRequired,
        KMSThrottlingException,
        InternalFailureException,
        ForgottenPutException,
        CorruptRecordException,
        EngineClosedException {

  private final String errorName;
  private final Outcome outcome;

  MillraceException(String errorName, Outcome outcome, String message, Throwable cause) {
    super(message, cause);
    this.errorName = errorName;
    this.outcome = outcome;
  }

  /** The error of the API that this is: its {@code __type}. */
  public final String errorName() {
    return errorName;
  }

  /** What the request left behind. */
  public final Outcome outcome() {
    return outcome;
  }
}
