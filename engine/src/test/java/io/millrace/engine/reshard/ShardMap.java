package io.millrace.engine.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A stream reduced to its shards, which carries plans out primitive by primitive and checks each
 * against the rules of SplitShard and MergeShards.
 */
public final class ShardMap {

  private final Map<ShardId, HashKeyRange> open = new LinkedHashMap<>();
  private int next;

  private ShardMap() {}

  /** A new stream. */
  public static ShardMap uniform(int count) {
    ShardMap map = new ShardMap();
    HashKeyRange.uniform(count).forEach(range -> map.open.put(new ShardId(map.next++), range));
    return map;
  }

  /** A copy that goes its own way. */
  public ShardMap copy() {
    ShardMap copy = new ShardMap();
    copy.open.putAll(open);
    copy.next = next;
    return copy;
  }

  /** The open shards, in no particular order. */
  public List<OpenShard> open() {
    List<OpenShard> shards = new ArrayList<>();
    open.forEach((shardId, range) -> shards.add(new OpenShard(shardId, range)));
    return shards;
  }

  /** The open shards in the order of their ranges. */
  public List<OpenShard> byRange() {
    return open().stream().sorted(Comparator.comparing(shard -> shard.range().starting())).toList();
  }

  /** Index of the next shard. */
  public int next() {
    return next;
  }

  /** Carries a whole plan out. Its numbers must be consecutive from {@link #next}. */
  public void carryOut(ReshardPlan plan) {
    assertThat(
            plan.steps().stream()
                .flatMap(step -> step.shards().stream())
                .map(shard -> shard.shardId().index()))
        .containsExactlyElementsOf(
            IntStream.range(next, next + plan.createdShards()).boxed().toList());
    int before = open.size();
    plan.steps().forEach(this::carryOut);
    assertThat(open.size() - before).isEqualTo(plan.growth());
  }

  /** Carries one step of a plan out. */
  public void carryOut(ReshardStep step) {
    Set<ShardId> closing = new HashSet<>(step.closing());
    assertThat(open.keySet()).containsAll(closing);
    Set<ShardId> closed = new HashSet<>();
    Map<ShardId, List<PlannedShard>> children = new LinkedHashMap<>();
    for (PlannedShard shard : step.shards()) {
      shard.parents().forEach(p -> children.computeIfAbsent(p, k -> new ArrayList<>()).add(shard));
    }
    Map<ShardId, HashKeyRange> known = new LinkedHashMap<>(open);
    for (PlannedShard shard : step.shards()) {
      List<HashKeyRange> parents = shard.parents().stream().map(known::get).toList();
      assertThat(parents).doesNotContainNull();
      if (parents.size() == 2) {
        assertThat(parents.get(0).isFollowedBy(parents.get(1))).isTrue();
        assertThat(shard.range())
            .isEqualTo(new HashKeyRange(parents.get(0).starting(), parents.get(1).ending()));
        shard.parents().forEach(p -> assertThat(children.get(p)).containsExactly(shard));
      } else {
        List<PlannedShard> halves = children.get(shard.parents().get(0));
        assertThat(halves).hasSize(2);
        assertThat(parents.get(0).allowsSplitAt(halves.get(1).range().starting())).isTrue();
        assertThat(halves.get(0).range().isFollowedBy(halves.get(1).range())).isTrue();
        assertThat(parents.get(0))
            .isEqualTo(
                new HashKeyRange(halves.get(0).range().starting(), halves.get(1).range().ending()));
      }
      assertThat(known).doesNotContainKey(shard.shardId());
      assertThat(shard.passing()).isEqualTo(children.containsKey(shard.shardId()));
      known.put(shard.shardId(), shard.range());
      closed.addAll(shard.parents());
      next = Math.max(next, shard.shardId().index() + 1);
    }
    closed.removeIf(shardId -> !open.containsKey(shardId));
    assertThat(closed).isEqualTo(closing);
    open.keySet().removeAll(closing);
    step.opening().forEach(shard -> open.put(shard.shardId(), shard.range()));
    assertPartition();
  }

  /** The open ranges own every hash key exactly once. */
  public void assertPartition() {
    List<OpenShard> shards = byRange();
    assertThat(shards.get(0).range().starting()).isEqualTo(HashKey.MIN);
    assertThat(shards.get(shards.size() - 1).range().ending()).isEqualTo(HashKey.MAX);
    for (int i = 1; i < shards.size(); i++) {
      assertThat(shards.get(i - 1).range().isFollowedBy(shards.get(i).range())).isTrue();
    }
  }

  @Override
  public String toString() {
    return byRange().toString();
  }
}
