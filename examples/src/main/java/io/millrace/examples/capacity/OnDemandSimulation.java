package io.millrace.examples.capacity;

import io.millrace.engine.capacity.CapacityDecision;
import io.millrace.engine.capacity.HotKey;
import io.millrace.engine.capacity.ObservedTraffic;
import io.millrace.engine.capacity.OnDemandRule;
import io.millrace.engine.capacity.Peaks;
import io.millrace.engine.capacity.ShardMinute;
import io.millrace.engine.capacity.Traffic;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import io.millrace.engine.reshard.ReshardPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An on-demand stream without records: shards that take up to 1 MiB/s each, and the rule of the
 * engine, asked once for each simulated minute. A reshard takes no time.
 */
final class OnDemandSimulation {

  private static final double MIB = 1 << 20;
  // Large enough that bytes are the scarcer of the two budgets.
  private static final int BYTES_OF_A_RECORD = 2 * 1024;

  private final OnDemandRule rule;
  private final Workload workload;
  private List<OpenShard> open = new ArrayList<>();
  private ObservedTraffic observed = ObservedTraffic.startingWith(Peaks.ofThirtyDays());
  private int nextShard;
  private int minute;

  OnDemandSimulation(OnDemandRule rule, Workload workload) {
    this.rule = rule;
    this.workload = workload;
    for (HashKeyRange range : HashKeyRange.uniform(OnDemandRule.MIN_SHARDS)) {
      open.add(new OpenShard(new ShardId(nextShard++), range));
    }
    open = List.copyOf(open);
  }

  boolean hasNext() {
    return minute < workload.minutes();
  }

  /** Simulates the next minute. */
  SimulatedMinute next() {
    List<Source> sources = workload.at(minute);
    List<OpenShard> before = open;
    double offered = sources.stream().mapToDouble(Source::mibPerSecond).sum();
    double accepted = 0;
    Map<ShardId, ShardMinute> minutes = new HashMap<>();
    for (OpenShard shard : before) {
      double wanted = wanted(shard, sources);
      double taken = Math.min(wanted, 1);
      accepted += taken;
      long bytes = Math.round(60 * MIB * taken);
      minutes.put(
          shard.shardId(),
          new ShardMinute(
              new Traffic(bytes, bytes / BYTES_OF_A_RECORD), hotKey(shard, sources, wanted)));
    }
    observed = observed.observe(minute, minutes);
    CapacityDecision decision = rule.decide(observed, before, nextShard);
    carryOut(decision.plan());
    return new SimulatedMinute(minute++, offered, accepted, before, observed, decision, open);
  }

  private void carryOut(ReshardPlan plan) {
    if (plan.isEmpty()) {
      return;
    }
    Set<ShardId> closing = new HashSet<>();
    List<OpenShard> later = new ArrayList<>();
    plan.steps().forEach(step -> closing.addAll(step.closing()));
    open.stream().filter(shard -> !closing.contains(shard.shardId())).forEach(later::add);
    plan.steps().stream()
        .flatMap(step -> step.opening().stream())
        .forEach(shard -> later.add(new OpenShard(shard.shardId(), shard.range())));
    open = List.copyOf(later);
    nextShard += plan.createdShards();
  }

  private static double wanted(OpenShard shard, List<Source> sources) {
    double start = fraction(shard.range().starting());
    double end = endFraction(shard.range());
    return sources.stream().mapToDouble(source -> source.within(start, end)).sum();
  }

  private static Optional<HotKey> hotKey(OpenShard shard, List<Source> sources, double wanted) {
    double start = fraction(shard.range().starting());
    double end = endFraction(shard.range());
    return sources.stream()
        .filter(source -> source.isOneKey() && source.within(start, end) > 0)
        .map(
            source ->
                new HotKey(shard.range().midpoint(), Math.min(1, source.mibPerSecond() / wanted)))
        .max(Comparator.comparingDouble(HotKey::share));
  }

  private static double endFraction(HashKeyRange range) {
    return range.ending().equals(HashKey.MAX) ? 1 : fraction(range.ending().next());
  }

  private static double fraction(HashKey key) {
    return Math.scalb((double) (key.high() >>> 11), -53);
  }
}
