package io.millrace.engine.api;

/** The engine is closed or closing and takes no more requests. Open it again, or use another. */
public final class EngineClosedException extends MillraceException {

  /** The only such error. */
  public EngineClosedException() {
    super("ServiceUnavailable", Outcome.NOT_WRITTEN, "The engine is closed.", null);
  }
}
