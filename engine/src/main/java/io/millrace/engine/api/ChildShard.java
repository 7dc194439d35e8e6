package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import java.util.List;

/**
 * A shard that a closed one has become, or a part of it.
 *
 * @param shardId its id
 * @param parentShards the shards to finish before it is read: one after a split, two after a merge
 * @param hashKeyRange the hash keys it owns
 */
public record ChildShard(ShardId shardId, List<ShardId> parentShards, HashKeyRange hashKeyRange) {

  public ChildShard {
    requireNonNull(shardId, "shardId");
    parentShards = List.copyOf(parentShards);
    requireNonNull(hashKeyRange, "hashKeyRange");
  }
}
