package io.millrace.processors.lane;

/**
 * What is known of the records that are still to come to a shard's lanes.
 *
 * @param newestArrivalMillis arrival time of the newest record so far, epoch milliseconds; none
 *     that comes is older
 * @param isCaughtUp whether none was left when the newest were read
 * @param hasEnded whether none comes any more
 * @param isFull whether none is taken until lanes have finished some
 */
record Feed(long newestArrivalMillis, boolean isCaughtUp, boolean hasEnded, boolean isFull) {

  /**
   * How long after its end a window of a quiet shard is closed: what was put just before is read.
   */
  static final long GRACE_MILLIS = 3000;

  static final Feed NOTHING_YET = new Feed(Long.MIN_VALUE, false, false, false);

  /** Whether no record of this window is expected any more. */
  boolean isOver(TumblingWindow window, Moment now) {
    return hasEnded
        || newestArrivalMillis >= window.endMillis()
        || (isCaughtUp && now.epochMillis() >= window.endMillis() + GRACE_MILLIS);
  }

  /** No more than this is taken, until it is finished. */
  Feed full(boolean full) {
    return new Feed(newestArrivalMillis, isCaughtUp, hasEnded, full);
  }
}
