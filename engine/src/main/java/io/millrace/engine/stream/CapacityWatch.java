package io.millrace.engine.stream;

import io.millrace.engine.capacity.AutoscalingPolicy;
import io.millrace.engine.capacity.CapacityDecision;
import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.capacity.ObservedTraffic;
import io.millrace.engine.capacity.OnDemandRule;
import io.millrace.engine.capacity.Peaks;
import io.millrace.engine.capacity.RecentTraffic;
import io.millrace.engine.capacity.ShardMinute;
import io.millrace.engine.capacity.Traffic;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.shard.ShardMessage.Accepted;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream's actor has seen of its traffic since it started, minute by minute, and what the
 * rules make of it. Owned by that actor.
 */
final class CapacityWatch {

  /** How often the shards are asked what they accepted. */
  static final Duration MINUTE = Duration.ofMinutes(1);

  private final int maxShards;
  private final Optional<AutoscalingPolicy> autoscaling;
  private ObservedTraffic observed;
  private RecentTraffic recent = RecentTraffic.NONE;

  /**
   * A watch that has seen nothing yet.
   *
   * @param maxShards the most shards that an on-demand stream may have
   * @param autoscaling the policy for a provisioned stream, if there is one
   * @param stored the peaks that were stored
   */
  CapacityWatch(int maxShards, Optional<AutoscalingPolicy> autoscaling, Peaks stored) {
    this.maxShards = maxShards;
    this.autoscaling = autoscaling;
    this.observed = ObservedTraffic.startingWith(stored);
  }

  /** A minute has passed in which the open shards accepted this. */
  void observe(long nowMillis, List<Accepted> minute) {
    Map<ShardId, ShardMinute> shards = new HashMap<>();
    Traffic total = Traffic.NONE;
    for (Accepted accepted : minute) {
      Traffic traffic = new Traffic(accepted.bytes(), accepted.records());
      shards.put(accepted.shardId(), new ShardMinute(traffic, accepted.heaviest()));
      total = total.plus(traffic);
    }
    observed = observed.observe(Math.floorDiv(nowMillis, MINUTE.toMillis()), shards);
    recent = recent.observe(total);
  }

  /** The peaks, once they are worth storing; never for a minute without traffic. */
  Optional<Peaks> toStore(Peaks stored) {
    return Optional.of(observed.daily())
        .filter(peaks -> !observed.last().equals(Traffic.NONE))
        .filter(peaks -> peaks.isWorthStoringAfter(stored));
  }

  List<HotShardReport> hotShards(StreamState state) {
    return HotShardReport.of(observed, state.map().open());
  }

  /**
   * What an on-demand stream does about it.
   *
   * @param warmth how much of its warm throughput counts
   */
  CapacityDecision onDemand(StreamState state, WarmThroughputRule warmth) {
    return new OnDemandRule(warmth.counted(state.options().warmMiBps()), maxShards)
        .decide(observed, state.map().open(), state.map().nextIndex());
  }

  /** What the policy for a provisioned stream does about it; empty without a policy. */
  Optional<AutoscalingPolicy.Decision> provisioned(StreamState state, long nowMillis) {
    return state.options().mode() == StreamMode.PROVISIONED
        ? autoscaling.map(
            policy ->
                policy.decide(
                    recent,
                    state.map().openCount(),
                    state.options().shardCountUpdates(),
                    nowMillis))
        : Optional.empty();
  }
}
