package io.millrace.engine.stream;

/**
 * How much more the account may have, while it is lent to one stream.
 *
 * @param shards open shards of provisioned streams
 * @param onDemandStreams on-demand streams
 * @param loan number of the loan, greater than of all before it; the stream names it when it next
 *     says how it stands
 */
record Room(int shards, int onDemandStreams, long loan) {

  /** Until the registry has said how much there is. */
  static final Room NONE = new Room(0, 0, 0);
}
