package io.millrace.examples.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.capacity.CapacityDecision.Reason;
import io.millrace.engine.capacity.OnDemandRule;
import io.millrace.engine.capacity.ShardMinute;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the rule promises, held minute by minute over weeks of traffic. */
@ExtendWith(Seeds.class)
class OnDemandSimulationTest {

  private static final int DAY = Workload.MINUTES_OF_A_DAY;
  private static final int THIRTY_DAYS = 30 * DAY;
  private static final int MAX_SHARDS = 200;

  @Test
  void keepsItsPromisesForSevenWeeks() {
    Set<Reason> reasons = check(Workload.sevenWeeks(), false);
    assertThat(reasons)
        .containsExactlyInAnyOrder(
            Reason.ENOUGH, Reason.SCALE_OUT, Reason.HOT_SHARD, Reason.SCALE_IN, Reason.ONE_KEY);
  }

  @RepeatedTest(3)
  void keepsItsPromisesForEvenlySpreadTraffic(Seed seed) {
    check(random(seed.random("traffic"), false), true);
  }

  @RepeatedTest(3)
  void keepsItsPromisesForSkewedTraffic(Seed seed) {
    check(random(seed.random("traffic"), true), false);
  }

  private static Set<Reason> check(Workload workload, boolean isEvenlySpread) {
    OnDemandSimulation simulation =
        new OnDemandSimulation(new OnDemandRule(0, MAX_SHARDS), workload);
    Largest peak = new Largest(THIRTY_DAYS);
    Largest unthrottledPeak = new Largest(THIRTY_DAYS);
    Map<ShardId, Integer> hotSince = new HashMap<>();
    Set<Reason> reasons = new HashSet<>();
    int idleSince = 0;
    while (simulation.hasNext()) {
      SimulatedMinute minute = simulation.next();
      int now = minute.minute();
      Supplier<String> at = () -> "minute %d: %s".formatted(now, minute.decision().explanation());

      if (isEvenlySpread && minute.offeredMibPerSecond() <= 2 * unthrottledPeak.at(now)) {
        assertThat(minute.isThrottled()).as(at).isFalse();
      }
      peak.add(now, minute.acceptedMibPerSecond());
      if (!minute.isThrottled()) {
        unthrottledPeak.add(now, minute.acceptedMibPerSecond());
      }

      // As long as its quota allows, it can take twice the peak.
      assertThat(minute.after().size() + 1e-6)
          .as(at)
          .isGreaterThanOrEqualTo(Math.min(MAX_SHARDS, 2 * peak.at(now)));

      if (2 * peak.at(now) >= minute.before().size() / 2.0) {
        idleSince = now + 1;
      }
      if (minute.decision().reason() == Reason.SCALE_IN) {
        assertThat(now - idleSince).as(at).isGreaterThanOrEqualTo(DAY);
      }
      assertSplitInTime(minute, hotSince, at);
      if (minute.decision().reason() != Reason.ENOUGH) {
        assertPartition(minute.after());
      }
      reasons.add(minute.decision().reason());
    }
    return reasons;
  }

  /** No open shard has been hot for 15 minutes, except by one key or at the ceiling. */
  private static void assertSplitInTime(
      SimulatedMinute minute, Map<ShardId, Integer> hotSince, Supplier<String> at) {
    Set<ShardId> hot =
        minute.after().stream()
            .map(OpenShard::shardId)
            .filter(id -> minute.observed().of(id).filter(l -> isHot(l.last())).isPresent())
            .collect(Collectors.toSet());
    hotSince.keySet().retainAll(hot);
    hot.forEach(id -> hotSince.putIfAbsent(id, minute.minute()));
    if (minute.after().size() < MAX_SHARDS) {
      assertThat(hotSince.values())
          .as(at)
          .allSatisfy(since -> assertThat(minute.minute() - since).isLessThan(15));
    }
  }

  private static boolean isHot(ShardMinute minute) {
    boolean isByOneKey =
        minute.heaviest().isPresent()
            && (1 - minute.heaviest().get().share()) * minute.traffic().bytes() <= 60 * 100_000L;
    return minute.traffic().bytes() > 60 * 500_000L && !isByOneKey;
  }

  private static void assertPartition(List<OpenShard> open) {
    List<HashKeyRange> ranges =
        open.stream()
            .map(OpenShard::range)
            .sorted(Comparator.comparing(HashKeyRange::starting))
            .toList();
    assertThat(ranges.get(0).starting()).isEqualTo(HashKey.MIN);
    assertThat(ranges.get(ranges.size() - 1).ending()).isEqualTo(HashKey.MAX);
    for (int i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i - 1).isFollowedBy(ranges.get(i))).isTrue();
    }
  }

  /** Waves whose height changes by the week, with bursts, pauses and, if skewed, hot spots. */
  private static Workload random(Random random, boolean isSkewed) {
    int days = 45;
    double[] height = new double[days];
    double week = 0;
    for (int day = 0; day < days; day++) {
      if (day % 7 == 0) {
        week = Math.exp(random.nextDouble() * 3.5 - 1);
      }
      height[day] = week * (0.8 + 0.4 * random.nextDouble());
    }
    List<Burst> bursts = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      int start = random.nextInt(days * DAY);
      double width =
          !isSkewed ? 1 : random.nextInt(4) == 0 ? 0 : Math.exp(-8 * random.nextDouble());
      double from = (1 - width) * random.nextDouble();
      double mib = 12 * random.nextDouble();
      bursts.add(new Burst(start, start + 1 + random.nextInt(300), new Source(from, width, mib)));
    }
    return new Workload() {
      @Override
      public int minutes() {
        return days * DAY;
      }

      @Override
      public List<Source> at(int minute) {
        double top = height[minute / DAY];
        List<Source> sources = new ArrayList<>();
        sources.add(
            Source.everywhere(
                Workload.wave(minute, top / 4, top) * (0.9 + 0.2 * Workload.noise(minute))));
        for (Burst burst : bursts) {
          if (burst.start() <= minute && minute < burst.end()) {
            sources.add(burst.source());
          }
        }
        return sources;
      }
    };
  }

  /** Something that goes on from one minute to before another. */
  private record Burst(int start, int end, Source source) {}

  /** The largest value of a sliding window, found in the plainest way that is fast enough. */
  private static final class Largest {

    private record Value(int minute, double value) {}

    private final int window;
    private final Deque<Value> falling = new ArrayDeque<>();

    Largest(int window) {
      this.window = window;
    }

    void add(int minute, double value) {
      while (!falling.isEmpty() && falling.getLast().value() <= value) {
        falling.removeLast();
      }
      falling.addLast(new Value(minute, value));
    }

    double at(int minute) {
      while (!falling.isEmpty() && falling.getFirst().minute() <= minute - window) {
        falling.removeFirst();
      }
      return falling.isEmpty() ? 0 : falling.getFirst().value();
    }
  }
}
