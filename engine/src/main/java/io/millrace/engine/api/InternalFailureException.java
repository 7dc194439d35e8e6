package io.millrace.engine.api;

/**
 * A fault of the engine or of its storage. {@link #outcome()} is NOT_WRITTEN or UNKNOWN; a reader
 * may always try again.
 */
public final class InternalFailureException extends MillraceException {

  /** The sentence that every such error starts with. */
  public static final String MESSAGE = "Internal Service Failure.";

  private InternalFailureException(Outcome outcome, String detail, Throwable cause) {
    super("InternalFailureException", outcome, MESSAGE + " " + detail, cause);
  }

  /** Certainly nothing was stored. */
  public static InternalFailureException notWritten(String detail) {
    return new InternalFailureException(Outcome.NOT_WRITTEN, detail, null);
  }

  /** Certainly nothing was stored. */
  public static InternalFailureException notWritten(String detail, Throwable cause) {
    return new InternalFailureException(Outcome.NOT_WRITTEN, detail, cause);
  }

  /** Perhaps the request took effect. */
  public static InternalFailureException unknown(String detail) {
    return new InternalFailureException(Outcome.UNKNOWN, detail, null);
  }

  /** Perhaps the request took effect. */
  public static InternalFailureException unknown(String detail, Throwable cause) {
    return new InternalFailureException(Outcome.UNKNOWN, detail, cause);
  }
}
