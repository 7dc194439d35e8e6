package io.millrace.engine.tail;

/**
 * The shard of this tail has stopped: its stream is deleted, or the engine is closing. Ask the
 * engine for a new tail, if it is open; a deleted stream has none.
 */
public final class TailClosedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean isErased;

  /**
   * The tail of this shard.
   *
   * @param isErased whether what the shard stored is deleted
   */
  public TailClosedException(String shard, boolean isErased) {
    super(isErased ? "shard " + shard + " is deleted" : "the tail of " + shard + " is closed");
    this.isErased = isErased;
  }

  /** Whether the stream is deleted, and its records with it. */
  public boolean isErased() {
    return isErased;
  }
}
