package io.millrace.engine.capacity;

import io.millrace.engine.capacity.CapacityDecision.Reason;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import io.millrace.engine.reshard.ReshardPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How many shards an on-demand stream has. With P the largest minute of the last 30 days, it wants
 * 2 P, at least 4 MiB/s and 4,000 records/s, and at least the warm throughput; a shard takes 1
 * MiB/s and 1,000 records/s.
 *
 * <ul>
 *   <li>It grows at once when it has fewer shards than that. Hot shards are split first.
 *   <li>A shard that accepted more than 500 KB/s or 500 records/s within a minute is split even if
 *       the total is fine, unless one hash key alone is the cause.
 *   <li>It shrinks when 2 P has been below half its capacity for 24 hours: neighbours that were
 *       cold all that time are merged in pairs.
 * </ul>
 *
 * <p>So whoever spreads partition keys evenly can at any time put twice as much as in any minute of
 * the last 30 days that was not throttled. Ask once a minute and when the warm throughput changes,
 * and only while the stream is ACTIVE. ADR 12 has the reasons.
 *
 * @param warmMiBps throughput to keep ready whatever the traffic, MiB/s; 0 for none
 * @param maxShards the most shards it may have, by quota; never a reason to merge
 */
public record OnDemandRule(int warmMiBps, int maxShards) {

  /** Shards of a new on-demand stream, and the fewest that one shrinks to. */
  public static final int MIN_SHARDS = 4;

  /** How long it must have been idle before it shrinks, minutes. */
  static final int IDLE_MINUTES = 24 * 60;

  public OnDemandRule {
    if (warmMiBps < 0 || maxShards < 1) {
      throw new IllegalArgumentException(
          "warm throughput %d MiB/s, at most %d shards".formatted(warmMiBps, maxShards));
    }
  }

  /** How many shards it wants for this 30-day peak, whatever it may have. */
  public int desiredShards(Traffic peak) {
    return Math.max(floorShards(), (int) Math.ceil(2 * peak.shards()));
  }

  /**
   * Decides what is to be done now.
   *
   * @param open every open shard
   * @param next index of the next shard
   */
  public CapacityDecision decide(ObservedTraffic observed, List<OpenShard> open, int next) {
    int desired = desiredShards(observed.peak());
    String figures =
        "%d shards, %d wanted for a 30-day peak of %s"
            .formatted(open.size(), desired, observed.peak());
    Division division = new Division(open, observed, maxShards);
    division.untilEvenlySpreadTakes(floorShards());
    division.untilThereAre(desired);
    boolean isTooSmall = division.count() > open.size();
    division.hotOnes();
    if (division.count() > open.size()) {
      ReshardPlan plan = ReshardPlan.divide(open, division.pieces(), next);
      return isTooSmall
          ? new CapacityDecision(
              plan, Reason.SCALE_OUT, "%s: grows by %d".formatted(figures, plan.growth()))
          : new CapacityDecision(
              plan, Reason.HOT_SHARD, "%s: splits hot %s".formatted(figures, closing(plan)));
    }
    List<ShardId> hot = hot(observed, open);
    boolean wantsMore =
        desired > open.size()
            || hot.stream().anyMatch(id -> Division.isDivisiblyHot(observed.of(id).get().last()));
    if (wantsMore && open.size() >= maxShards) {
      return nothing(Reason.AT_CEILING, "%s: may not have more".formatted(figures));
    }
    Set<ShardId> firsts = isLongIdle(observed) ? coldestPairs(observed, open, desired) : Set.of();
    if (!firsts.isEmpty()) {
      return new CapacityDecision(
          ReshardPlan.mergeWithNext(open, firsts, next),
          Reason.SCALE_IN,
          "%s: merges %d pairs".formatted(figures, firsts.size()));
    }
    return hot.isEmpty()
        ? nothing(Reason.ENOUGH, figures)
        : nothing(Reason.ONE_KEY, "%s: no split helps %s".formatted(figures, hot));
  }

  private static boolean isLongIdle(ObservedTraffic observed) {
    return observed.idleSinceMinute().isPresent()
        && observed.epochMinute() - observed.idleSinceMinute().getAsLong() >= IDLE_MINUTES;
  }

  /** Neighbours that were cold for a day, each shard once, as long as enough are left. */
  private static Set<ShardId> coldestPairs(
      ObservedTraffic observed, List<OpenShard> open, int desired) {
    List<OpenShard> byRange =
        open.stream().sorted(Comparator.comparing(shard -> shard.range().starting())).toList();
    List<Pair> cold = new ArrayList<>();
    for (int at = 1; at < byRange.size(); at++) {
      coldPair(observed, byRange.get(at - 1), byRange.get(at), desired).ifPresent(cold::add);
    }
    cold.sort(Comparator.naturalOrder());
    Set<ShardId> firsts = new HashSet<>();
    Set<ShardId> taken = new HashSet<>();
    for (Pair pair : cold) {
      boolean isFree = !taken.contains(pair.left()) && !taken.contains(pair.right());
      if (isFree && open.size() - firsts.size() > desired) {
        firsts.add(pair.left());
        taken.add(pair.left());
        taken.add(pair.right());
      }
    }
    return firsts;
  }

  private static Optional<Pair> coldPair(
      ObservedTraffic observed, OpenShard left, OpenShard right, int desired) {
    double width = left.range().shareOfSpace() + right.range().shareOfSpace();
    Optional<Traffic> peak =
        peakOfADay(observed, left)
            .flatMap(some -> peakOfADay(observed, right).map(some::plus))
            .filter(together -> !together.isHot());
    // An evenly spread double of the peak must fit into the merged shard too.
    return Division.isTooWide(width, desired)
        ? Optional.empty()
        : peak.map(each -> new Pair(left.shardId(), right.shardId(), each.shards(), width));
  }

  /** Empty for a shard that has not been observed for a day. */
  private static Optional<Traffic> peakOfADay(ObservedTraffic observed, OpenShard shard) {
    return observed
        .of(shard.shardId())
        .filter(load -> observed.epochMinute() - load.sinceMinute() >= IDLE_MINUTES)
        .map(load -> load.lastDay().max());
  }

  private static List<ShardId> hot(ObservedTraffic observed, List<OpenShard> open) {
    return open.stream()
        .map(OpenShard::shardId)
        .filter(id -> observed.of(id).filter(load -> load.last().traffic().isHot()).isPresent())
        .sorted()
        .toList();
  }

  private int floorShards() {
    return Math.max(MIN_SHARDS, warmMiBps);
  }

  private static List<ShardId> closing(ReshardPlan plan) {
    return plan.steps().stream().flatMap(step -> step.closing().stream()).toList();
  }

  private static CapacityDecision nothing(Reason reason, String explanation) {
    return new CapacityDecision(ReshardPlan.NOTHING, reason, explanation);
  }

  /** Two neighbours; the coldest come first, among them the narrowest. */
  private record Pair(ShardId left, ShardId right, double shards, double width)
      implements Comparable<Pair> {

    @Override
    public int compareTo(Pair other) {
      return Comparator.comparingDouble(Pair::shards)
          .thenComparingDouble(Pair::width)
          .thenComparing(Pair::left)
          .compare(this, other);
    }
  }
}
