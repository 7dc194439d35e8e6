package io.millrace.engine.stream;

/**
 * How much more the account may have, while it is lent to one stream.
 *
 * @param shards open shards of provisioned streams
 * @param onDemandStreams on-demand streams
 */
record Room(int shards, int onDemandStreams) {

  /** Until the registry has said how much there is. */
  static final Room NONE = new Room(0, 0);
}
