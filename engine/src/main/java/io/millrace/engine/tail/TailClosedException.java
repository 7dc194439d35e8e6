package io.millrace.engine.tail;

/**
 * The shard of this tail has stopped: its stream was deleted, or the engine is closing. Ask the
 * engine for a new tail, if it is open.
 */
public final class TailClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The tail of this shard. */
  public TailClosedException(String shard) {
    super("the tail of " + shard + " is closed");
  }
}
