package io.millrace.engine.api;

import java.time.Instant;

/**
 * The shard iterator is older than 300 seconds. Get a new one after the last sequence number read.
 */
public final class ExpiredIteratorException extends MillraceException {

  /** The error with a sentence about it. */
  public ExpiredIteratorException(String message) {
    super("ExpiredIteratorException", Outcome.REFUSED, message, null);
  }

  /**
   * The error of an iterator issued then and used now.
   *
   * @param tolerated how old an iterator may be, in milliseconds
   */
  public static ExpiredIteratorException of(Instant issued, Instant now, long tolerated) {
    return new ExpiredIteratorException(
        "Iterator expired. The iterator was created at time %s while right now it is %s which is"
                .formatted(issued, now)
            + " further in the future than the tolerated delay of %d milliseconds."
                .formatted(tolerated));
  }
}
