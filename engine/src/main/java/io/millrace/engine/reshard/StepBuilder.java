package io.millrace.engine.reshard;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes one step of SplitShard and MergeShards, numbering the shards as they are made. */
final class StepBuilder {

  /** The two shards that a split leaves. */
  record Halves(OpenShard left, OpenShard right) {}

  private record Made(OpenShard shard, List<ShardId> parents) {}

  private final List<OpenShard> closing;
  private final int firstIndex;
  private final List<Made> made = new ArrayList<>();
  private final Set<ShardId> parents = new HashSet<>();

  /**
   * @param closing every shard that is open before the step and will be split or merged by it
   * @param firstIndex index of the first shard made
   */
  StepBuilder(List<OpenShard> closing, int firstIndex) {
    this.closing = closing;
    this.firstIndex = firstIndex;
  }

  Halves split(OpenShard parent, HashKey start) {
    HashKeyRange range = parent.range();
    if (!range.allowsSplitAt(start)) {
      throw new IllegalArgumentException("no split of " + parent + " at " + start);
    }
    List<ShardId> lineage = List.of(parent.shardId());
    OpenShard left = make(new HashKeyRange(range.starting(), start.previous()), lineage);
    return new Halves(left, make(new HashKeyRange(start, range.ending()), lineage));
  }

  OpenShard merge(OpenShard left, OpenShard right) {
    if (!left.range().isFollowedBy(right.range())) {
      throw new IllegalArgumentException("no merge of " + left + " and " + right);
    }
    return make(
        new HashKeyRange(left.range().starting(), right.range().ending()),
        List.of(left.shardId(), right.shardId()));
  }

  /** Merges shards whose ranges follow one another, left to right, until one is left. */
  OpenShard mergeAll(List<OpenShard> shards) {
    OpenShard merged = shards.get(0);
    for (OpenShard right : shards.subList(1, shards.size())) {
      merged = merge(merged, right);
    }
    return merged;
  }

  /** Index of the first shard that the step after this one makes. */
  int nextIndex() {
    return firstIndex + made.size();
  }

  ReshardStep build() {
    return new ReshardStep(
        closing.stream().map(OpenShard::shardId).toList(),
        made.stream().map(this::planned).toList());
  }

  private OpenShard make(HashKeyRange range, List<ShardId> lineage) {
    OpenShard shard = new OpenShard(new ShardId(nextIndex()), range);
    made.add(new Made(shard, lineage));
    parents.addAll(lineage);
    return shard;
  }

  private PlannedShard planned(Made each) {
    ShardId shardId = each.shard().shardId();
    return new PlannedShard(
        shardId, each.shard().range(), each.parents(), parents.contains(shardId));
  }
}
