package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;

/**
 * A shard as listings show it.
 *
 * @param shardId its id
 * @param parentShardId the shard it came from by a split, or the lower one by a merge; null when it
 *     was created with the stream
 * @param adjacentParentShardId the other shard it came from by a merge; null otherwise
 * @param hashKeyRange the hash keys it owns or, once closed, owned
 * @param sequenceNumberRange the sequence numbers between which its records lie
 */
public record Shard(
    ShardId shardId,
    ShardId parentShardId,
    ShardId adjacentParentShardId,
    HashKeyRange hashKeyRange,
    SequenceNumberRange sequenceNumberRange) {

  public Shard {
    requireNonNull(shardId, "shardId");
    requireNonNull(hashKeyRange, "hashKeyRange");
    requireNonNull(sequenceNumberRange, "sequenceNumberRange");
  }

  /** Whether it takes puts. */
  public boolean isOpen() {
    return sequenceNumberRange.endingSequenceNumber() == null;
  }
}
