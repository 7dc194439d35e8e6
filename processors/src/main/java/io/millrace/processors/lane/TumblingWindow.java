package io.millrace.processors.lane;

/**
 * A stretch of arrival times.
 *
 * @param startMillis inclusive, epoch milliseconds, a multiple of the length
 * @param endMillis exclusive
 */
public record TumblingWindow(long startMillis, long endMillis) {

  /** The window of this length in which a record arrived. */
  static TumblingWindow of(long arrivalMillis, int seconds) {
    long length = seconds * 1000L;
    long start = Math.floorDiv(arrivalMillis, length) * length;
    return new TumblingWindow(start, start + length);
  }
}
