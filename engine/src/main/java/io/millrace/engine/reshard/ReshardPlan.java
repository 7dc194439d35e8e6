package io.millrace.engine.reshard;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * How a stream gets from the shards it has to others. Steps do not depend on one another, and any
 * number of them may be carried out, in any order, each at an instant of its own. They stand in the
 * order of their hash keys; the shards they make are numbered without a gap.
 *
 * <p>Every factory takes the open shards of the stream in any order and the index of the next shard
 * ({@code next}), which is above that of every shard the stream has ever had.
 *
 * @param steps none when nothing is to be done
 */
public record ReshardPlan(List<ReshardStep> steps) {

  /** Changes nothing. */
  public static final ReshardPlan NOTHING = new ReshardPlan(List.of());

  private static final Comparator<OpenShard> BY_RANGE =
      Comparator.comparing(shard -> shard.range().starting());

  public ReshardPlan {
    steps = List.copyOf(steps);
  }

  /**
   * SplitShard: the shard gives way to two, the second of which starts at the given hash key.
   * Refused when the shard is not open or {@linkplain HashKeyRange#allowsSplitAt cannot be split
   * there}.
   */
  public static ReshardDecision split(
      List<OpenShard> open, ShardId shardId, HashKey newStartingHashKey, int next) {
    Optional<OpenShard> found = find(open, shardId);
    if (found.isEmpty()) {
      return notOpen(shardId);
    }
    OpenShard shard = found.get();
    if (!shard.range().allowsSplitAt(newStartingHashKey)) {
      return new ReshardDecision.Refused(
          "NewStartingHashKey %s is not both greater than one plus the StartingHashKey %s of %s and less than its EndingHashKey %s."
              .formatted(
                  newStartingHashKey, shard.range().starting(), shardId, shard.range().ending()));
    }
    StepBuilder step = new StepBuilder(List.of(shard), next);
    step.split(shard, newStartingHashKey);
    return planned(step);
  }

  /**
   * MergeShards: two shards give way to one. Refused when either is not open, or the range of the
   * second does not begin where that of the first ends.
   */
  public static ReshardDecision merge(
      List<OpenShard> open, ShardId shardId, ShardId adjacentShardId, int next) {
    Optional<OpenShard> left = find(open, shardId);
    if (left.isEmpty()) {
      return notOpen(shardId);
    }
    Optional<OpenShard> right = find(open, adjacentShardId);
    if (right.isEmpty()) {
      return notOpen(adjacentShardId);
    }
    if (!left.get().range().isFollowedBy(right.get().range())) {
      return new ReshardDecision.Refused(
          "%s and %s are not an adjacent pair of shards, in this order, and cannot be merged."
              .formatted(shardId, adjacentShardId));
    }
    StepBuilder step = new StepBuilder(List.of(left.get(), right.get()), next);
    step.merge(left.get(), right.get());
    return planned(step);
  }

  /**
   * UpdateShardCount with UNIFORM_SCALING: ends with exactly the {@linkplain HashKeyRange#uniform
   * uniform ranges}. Splits at every start of a target range, then merges what lies in one target
   * range from left to right; where a split is not allowed because a shard begins or ends within
   * one hash key of it, the shard is first merged with its neighbour.
   *
   * <p>Each step is as small as can be. Doubling a uniform stream of {@code n} shards takes one
   * split for each, halving it to {@code n} one merge for each pair, if the width of {@code n}
   * uniform ranges is even, as for every power of two. An odd width cannot be halved, so the ranges
   * end some hash keys apart from where they were, and most of the stream is one step.
   *
   * @throws IllegalArgumentException when {@code targetCount} is below 1, or the open shards do not
   *     own every hash key exactly once
   */
  public static ReshardPlan uniform(List<OpenShard> open, int targetCount, int next) {
    List<OpenShard> shards = partition(open);
    return new ReshardPlan(
        new UniformScaling(shards, HashKeyRange.uniform(targetCount), next).steps());
  }

  /**
   * Divides shards evenly, in one step each: the shard is split at its midpoint, then its widest
   * piece, the first of several, until there are as many as wanted or all are too narrow.
   *
   * @param pieces how many each shard is to become; those not named stay as they are
   */
  public static ReshardPlan divide(List<OpenShard> open, Map<ShardId, Integer> pieces, int next) {
    List<ReshardStep> steps = new ArrayList<>();
    int index = next;
    for (OpenShard shard : open.stream().sorted(BY_RANGE).toList()) {
      int wanted = pieces.getOrDefault(shard.shardId(), 1);
      if (wanted > 1 && shard.range().allowsSplitAt(shard.range().midpoint())) {
        StepBuilder step = new StepBuilder(List.of(shard), index);
        halve(step, shard, wanted);
        steps.add(step.build());
        index = step.nextIndex();
      }
    }
    return new ReshardPlan(steps);
  }

  /**
   * Merges pairs, in one step each: every named shard with the open shard after it.
   *
   * @throws IllegalArgumentException when a named shard is not open or is the last one, or the one
   *     after it is named too
   */
  public static ReshardPlan mergeWithNext(List<OpenShard> open, Set<ShardId> firsts, int next) {
    List<OpenShard> shards = open.stream().sorted(BY_RANGE).toList();
    List<ReshardStep> steps = new ArrayList<>();
    int index = next;
    int free = 0;
    for (int at = 0; at < shards.size(); at++) {
      if (!firsts.contains(shards.get(at).shardId())) {
        continue;
      }
      if (at < free || at + 1 == shards.size()) {
        throw new IllegalArgumentException("no pairs to merge: " + firsts);
      }
      StepBuilder step = new StepBuilder(shards.subList(at, at + 2), index);
      step.merge(shards.get(at), shards.get(at + 1));
      steps.add(step.build());
      index = step.nextIndex();
      free = at + 2;
    }
    if (steps.size() != firsts.size()) {
      throw new IllegalArgumentException("not all open: " + firsts);
    }
    return new ReshardPlan(steps);
  }

  /** Whether nothing is to be done. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** How many shards it makes, passing ones included, as quotas count them. */
  public int createdShards() {
    return steps.stream().mapToInt(step -> step.shards().size()).sum();
  }

  /** How many more shards are open when all of it is done; below 0 when fewer. */
  public int growth() {
    return steps.stream().mapToInt(step -> step.opening().size() - step.closing().size()).sum();
  }

  private static void halve(StepBuilder step, OpenShard shard, int wanted) {
    PriorityQueue<OpenShard> widestFirst =
        new PriorityQueue<>(
            Comparator.<OpenShard, BigInteger>comparing(piece -> piece.range().width())
                .reversed()
                .thenComparing(BY_RANGE));
    widestFirst.add(shard);
    while (widestFirst.size() < wanted) {
      OpenShard widest = widestFirst.remove();
      HashKey middle = widest.range().midpoint();
      if (!widest.range().allowsSplitAt(middle)) {
        return;
      }
      StepBuilder.Halves halves = step.split(widest, middle);
      widestFirst.add(halves.left());
      widestFirst.add(halves.right());
    }
  }

  private static List<OpenShard> partition(List<OpenShard> open) {
    List<OpenShard> shards = open.stream().sorted(BY_RANGE).toList();
    boolean isWhole =
        !shards.isEmpty()
            && shards.get(0).range().starting().equals(HashKey.MIN)
            && shards.get(shards.size() - 1).range().ending().equals(HashKey.MAX);
    for (int i = 1; i < shards.size(); i++) {
      isWhole &= shards.get(i - 1).range().isFollowedBy(shards.get(i).range());
    }
    if (!isWhole) {
      throw new IllegalArgumentException("not every hash key exactly once: " + shards);
    }
    return shards;
  }

  private static Optional<OpenShard> find(List<OpenShard> open, ShardId shardId) {
    return open.stream().filter(shard -> shard.shardId().equals(shardId)).findFirst();
  }

  private static ReshardDecision planned(StepBuilder step) {
    return new ReshardDecision.Planned(new ReshardPlan(List.of(step.build())));
  }

  private static ReshardDecision notOpen(ShardId shardId) {
    return new ReshardDecision.Refused(
        "%s has already been merged or split, and thus is not eligible for merging or splitting."
            .formatted(shardId));
  }
}
