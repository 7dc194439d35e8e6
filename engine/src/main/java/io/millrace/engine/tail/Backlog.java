package io.millrace.engine.tail;

/**
 * What of a shard a reader has not read yet.
 *
 * @param records how many records
 * @param millis age of the first of them, milliseconds; 0 when there is none
 */
public record Backlog(long records, long millis) {

  /** Nothing. */
  public static final Backlog NONE = new Backlog(0, 0);
}
