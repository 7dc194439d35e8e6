package io.millrace.engine;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.MillraceException;
import java.util.concurrent.CompletionException;

/** Failures as callers of the API know them. */
final class Failures {

  private Failures() {}

  /**
   * The API's error behind what a stage failed with. Anything else is a defect of the engine, and
   * what it left behind is unknown.
   */
  static MillraceException of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof MillraceException known
        ? known
        : InternalFailureException.unknown(cause.toString(), cause);
  }
}
