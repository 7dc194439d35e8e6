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
      Demand demand = Demand.of(shard.range(), sources);
      double taken = Math.min(demand.mibPerSecond(), 1);
      accepted += taken;
      long bytes = Math.round(60 * MIB * taken);
      minutes.put(
          shard.shardId(),
          new ShardMinute(
              new Traffic(bytes, bytes / BYTES_OF_A_RECORD), demand.hotKey(shard.range())));
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

  /** What the sources want of one shard, and the heaviest of their single keys, if any. */
  private record Demand(double mibPerSecond, double heaviestKey) {

    static Demand of(HashKeyRange range, List<Source> sources) {
      double start = fraction(range.starting());
      double end = endFraction(range);
      double all = 0;
      double heaviest = 0;
      for (Source source : sources) {
        double here = source.within(start, end);
        all += here;
        if (source.isOneKey()) {
          heaviest = Math.max(heaviest, here);
        }
      }
      return new Demand(all, heaviest);
    }

    Optional<HotKey> hotKey(HashKeyRange range) {
      return heaviestKey > 0
          ? Optional.of(new HotKey(range.midpoint(), Math.min(1, heaviestKey / mibPerSecond)))
          : Optional.empty();
    }
  }

  private static double endFraction(HashKeyRange range) {
    return range.ending().equals(HashKey.MAX) ? 1 : fraction(range.ending().next());
  }

  private static double fraction(HashKey key) {
    return Math.scalb((double) (key.high() >>> 11), -53);
  }
}
