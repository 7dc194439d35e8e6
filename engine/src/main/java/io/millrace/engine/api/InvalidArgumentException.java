package io.millrace.engine.api;

/**
 * A value lies outside of what it may mean: conflicting identifiers, a hash key above 2^128-1, a
 * sequence number of another shard, a record larger than the stream takes.
 */
public final class InvalidArgumentException extends MillraceException {

  /** The error with a sentence about it. */
  public InvalidArgumentException(String message) {
    super("InvalidArgumentException", Outcome.REFUSED, message, null);
  }
}
