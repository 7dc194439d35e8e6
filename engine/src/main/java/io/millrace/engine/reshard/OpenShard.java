package io.millrace.engine.reshard;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;

/**
 * A shard that takes puts, as far as a plan needs to know it.
 *
 * @param shardId its id
 * @param range the hash keys it owns
 */
public record OpenShard(ShardId shardId, HashKeyRange range) {}
