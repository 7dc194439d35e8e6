package io.millrace.engine.internal;

import java.time.Instant;

/** Times of callers, who may name any, as the engine counts them. */
public final class EpochMillis {

  private EpochMillis() {}

  /** Epoch milliseconds; of a time too far away to count the farthest that can be. */
  public static long of(Instant time) {
    try {
      return time.toEpochMilli();
    } catch (ArithmeticException tooFar) {
      return time.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
