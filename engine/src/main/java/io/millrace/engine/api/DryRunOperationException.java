package io.millrace.engine.api;

/**
 * The request was to be checked only, and nothing was found: without {@code DryRun} it would run.
 */
public final class DryRunOperationException extends MillraceException {

  /** The error. */
  public DryRunOperationException() {
    super(
        "DryRunOperationException",
        Outcome.REFUSED,
        "The request would have succeeded, but DryRun is set.",
        null);
  }

  /**
   * Ends a dry run whose request has been checked.
   *
   * @param dryRun whether it is one; null for no
   */
  public static void throwIf(Boolean dryRun) {
    if (Boolean.TRUE.equals(dryRun)) {
      throw new DryRunOperationException();
    }
  }
}
