package io.millrace.engine.reshard;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import java.util.List;

/**
 * A shard that a plan makes.
 *
 * @param shardId its id
 * @param range the hash keys it will own
 * @param parents one after a split, two after a merge: first the parent, then the adjacent parent,
 *     whose range follows
 * @param passing whether a later shard of the same step has it as a parent: then it opens and
 *     closes at one instant, never holds a record, and is there for the lineage alone
 */
public record PlannedShard(
    ShardId shardId, HashKeyRange range, List<ShardId> parents, boolean passing) {

  public PlannedShard {
    parents = List.copyOf(parents);
    if (parents.isEmpty() || parents.size() > 2) {
      throw new IllegalArgumentException("one parent or two: " + parents);
    }
  }
}
