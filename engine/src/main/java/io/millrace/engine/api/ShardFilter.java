package io.millrace.engine.api;

import io.millrace.engine.model.ShardFilterType;
import java.time.Instant;

/**
 * Which shards {@link ListShardsRequest} shows.
 *
 * @param type the rule; required
 * @param shardId the shard that AFTER_SHARD_ID speaks of; null otherwise
 * @param timestamp the time that AT_TIMESTAMP and FROM_TIMESTAMP speak of; null otherwise
 */
public record ShardFilter(ShardFilterType type, String shardId, Instant timestamp) {

  /** The shards that are open now. */
  public static ShardFilter atLatest() {
    return new ShardFilter(ShardFilterType.AT_LATEST, null, null);
  }

  /** The shards that were open at the trim horizon: where a reader of everything begins. */
  public static ShardFilter atTrimHorizon() {
    return new ShardFilter(ShardFilterType.AT_TRIM_HORIZON, null, null);
  }

  /** The shards that were open at this time: where a reader from this time on begins. */
  public static ShardFilter atTimestamp(Instant timestamp) {
    return new ShardFilter(ShardFilterType.AT_TIMESTAMP, null, timestamp);
  }

  /** The shards whose id comes after this one. */
  public static ShardFilter afterShardId(String shardId) {
    return new ShardFilter(ShardFilterType.AFTER_SHARD_ID, shardId, null);
  }

  /** ListShards: each type has the members it speaks of, and no others. */
  void checkArguments() {
    boolean speaksOfShard = type == ShardFilterType.AFTER_SHARD_ID;
    boolean speaksOfTime =
        type == ShardFilterType.AT_TIMESTAMP || type == ShardFilterType.FROM_TIMESTAMP;
    if (speaksOfShard != (shardId != null)) {
      throw new InvalidArgumentException(
          "ShardId %s be specified in a ShardFilter of type %s."
              .formatted(speaksOfShard ? "must" : "cannot", type));
    }
    if (speaksOfTime != (timestamp != null)) {
      throw new InvalidArgumentException(
          "Timestamp %s be specified in a ShardFilter of type %s."
              .formatted(speaksOfTime ? "must" : "cannot", type));
    }
  }
}
