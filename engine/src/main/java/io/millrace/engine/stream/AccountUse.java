package io.millrace.engine.stream;

/**
 * How much the account has.
 *
 * @param creatingStreams streams in status CREATING
 * @param openShards open shards of all provisioned streams
 * @param onDemandStreams on-demand streams
 * @param quotas how much it may have
 */
public record AccountUse(
    int creatingStreams, int openShards, int onDemandStreams, StreamSettings.Quotas quotas) {

  /** How much more it may have, as a loan of this number. */
  Room room(long loan) {
    return new Room(
        Math.max(0, quotas.openShards() - openShards),
        Math.max(0, quotas.onDemandStreams() - onDemandStreams),
        loan);
  }
}
