package io.millrace.engine.api;

/**
 * A put under a number that its shard may have forgotten: it stored nothing now, and cannot tell
 * whether an earlier put of this number did. The same put will be answered so again. Whoever knows
 * that there was no earlier one, or that it was not written, puts the record under a new number, of
 * a new producer.
 */
public final class ForgottenPutException extends MillraceException {

  private static final long serialVersionUID = 1L;

  /** What is said of a number that a shard may have forgotten. */
  public static final String MESSAGE =
      "The shard may have forgotten this number of the producer: nothing was stored now, and whether"
          + " an earlier put was cannot be told.";

  public ForgottenPutException() {
    super("InvalidArgumentException", Outcome.FORGOTTEN, MESSAGE, null);
  }
}
