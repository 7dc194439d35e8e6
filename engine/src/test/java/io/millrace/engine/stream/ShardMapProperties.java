package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import io.millrace.engine.reshard.ReshardDecision;
import io.millrace.engine.reshard.ReshardPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ShardMapProperties {

  private static final long RETENTION = Duration.ofHours(24).toMillis();

  /** A map that lives through reshards and expiry at random times, and is checked at each step. */
  private static final class Life {

    private final Random random;
    private final Map<ShardId, ShardView> everSeen = new HashMap<>();
    private long nowMillis = 1_700_000_000_000L;
    private ShardMap map;

    Life(int shards, Random random) {
      this.random = random;
      this.map = ShardMap.first(HashKeyRange.uniform(shards), nowMillis / 1000, nowMillis);
      seeNew();
    }

    void live(int reshards) {
      for (int i = 0; i < reshards; i++) {
        // Also none at all, so that creation times run ahead of the clock.
        nowMillis += random.nextInt(3) == 0 ? 0 : random.nextInt(8 * 3_600_000);
        reshard(plan());
        expire();
      }
    }

    private ReshardPlan plan() {
      List<OpenShard> open = byRange(map.open());
      int at = random.nextInt(open.size());
      return switch (random.nextInt(3)) {
        case 0 -> {
          OpenShard shard = open.get(at);
          yield planned(
              ReshardPlan.split(
                  map.open(), shard.shardId(), shard.range().midpoint(), map.nextIndex()));
        }
        case 1 ->
            at + 1 == open.size()
                ? new ReshardPlan(List.of())
                : planned(
                    ReshardPlan.merge(
                        map.open(),
                        open.get(at).shardId(),
                        open.get(at + 1).shardId(),
                        map.nextIndex()));
        default -> ReshardPlan.uniform(map.open(), 1 + random.nextInt(12), map.nextIndex());
      };
    }

    private static ReshardPlan planned(ReshardDecision decision) {
      return ((ReshardDecision.Planned) decision).plan();
    }

    private void reshard(ReshardPlan plan) {
      if (plan.isEmpty()) {
        return;
      }
      map = map.resharding(plan.steps());
      int most = map.openCountAtMost();
      for (int step = 0; step < plan.steps().size(); step++) {
        assertThat(map.reshard().done()).isEqualTo(step);
        long atMillis = nowMillis + random.nextInt(2000);
        nowMillis = atMillis;
        List<ShardView> made = map.made(atMillis);
        Set<ShardId> closing = Set.copyOf(map.reshard().current().closing());
        List<ShardView> before = map.shards();

        map = map.flipped(atMillis);

        assertThat(map.shards())
            .startsWith(
                before.stream()
                    .map(
                        shard -> closing.contains(shard.shardId()) ? shard.closed(atMillis) : shard)
                    .toArray(ShardView[]::new))
            .endsWith(made.toArray(ShardView[]::new))
            .hasSize(before.size() + made.size());
        seeNew();
        openRangesOwnEveryHashKeyOnce();
        assertThat(map.openCountAtMost()).isBetween(map.openCount(), most);
        most = map.openCountAtMost();
      }
      assertThat(map.reshard()).isEqualTo(ShardMap.Reshard.NONE);
      assertThat(most).isEqualTo(map.openCount());
    }

    /** No index is given twice, and every child comes after its parents in every respect. */
    private void seeNew() {
      for (ShardView shard : map.shards()) {
        ShardView known = everSeen.get(shard.shardId());
        if (known == null) {
          shard.parents().forEach(parent -> assertComesAfter(shard, everSeen.get(parent)));
        }
        everSeen.put(shard.shardId(), shard);
      }
      int highest = everSeen.keySet().stream().mapToInt(ShardId::index).max().orElseThrow();
      assertThat(map.nextIndex()).isEqualTo(highest + 1).isEqualTo(everSeen.size());
      assertThat(map.shards())
          .extracting(ShardView::shardId)
          .isSortedAccordingTo(Comparator.comparingInt(ShardId::index));
    }

    private static void assertComesAfter(ShardView child, ShardView parent) {
      assertThat(child.shardId().index()).isGreaterThan(parent.shardId().index());
      assertThat(child.openedMillis()).isGreaterThanOrEqualTo(parent.closedMillis().getAsLong());
      SequenceNumber end = parent.endingSequenceNumber().orElseThrow();
      assertThat(child.startingSequenceNumber()).isGreaterThan(end);
    }

    private void openRangesOwnEveryHashKeyOnce() {
      List<OpenShard> open = byRange(map.open());
      assertThat(open.get(0).range().starting()).isEqualTo(HashKey.MIN);
      assertThat(open.get(open.size() - 1).range().ending()).isEqualTo(HashKey.MAX);
      for (int i = 1; i < open.size(); i++) {
        assertThat(open.get(i - 1).range().isFollowedBy(open.get(i).range())).isTrue();
      }
      assertThat(map.openCount()).isEqualTo(open.size());
    }

    private void expire() {
      long expiredMillis = nowMillis - RETENTION;
      List<ShardId> gone = map.expiredBy(expiredMillis);
      Set<ShardId> kept = new HashSet<>();
      map.shards().forEach(shard -> kept.add(shard.shardId()));
      gone.forEach(kept::remove);
      for (ShardView shard : map.shards()) {
        boolean isOver =
            Optional.of(shard.closedMillis())
                .filter(closed -> closed.isPresent() && closed.getAsLong() <= expiredMillis)
                .isPresent();
        boolean hasKeptParent = shard.parents().stream().anyMatch(kept::contains);
        assertThat(gone.contains(shard.shardId()))
            .as("%s has expired at %d", shard, expiredMillis)
            .isEqualTo(isOver && !hasKeptParent);
      }

      map = map.expired(gone);

      assertThat(map.shards()).extracting(ShardView::shardId).hasSameElementsAs(kept);
      assertThat(map.expired()).containsAll(gone);
      openRangesOwnEveryHashKeyOnce();
      List<ShardId> freed = map.expired().stream().filter(shard -> random.nextBoolean()).toList();
      map = map.freed(freed);
      assertThat(map.expired()).noneMatch(freed::contains);
    }

    private static List<OpenShard> byRange(List<OpenShard> open) {
      List<OpenShard> sorted = new ArrayList<>(open);
      sorted.sort(Comparator.comparing(shard -> shard.range().starting()));
      return sorted;
    }
  }

  @Property(tries = 300)
  void keepsItsRulesThroughEveryLife(
      @ForAll @IntRange(min = 1, max = 9) int shards,
      @ForAll @IntRange(min = 1, max = 25) int reshards,
      @ForAll Random random) {
    new Life(shards, random).live(reshards);
  }

  @Example
  void aChildIsKeptAsLongAsItsParentIs() {
    ShardMap map = ShardMap.first(List.of(HashKeyRange.FULL), 1, 1000);
    HashKey middle = HashKeyRange.FULL.midpoint();
    map =
        map.resharding(
                Life.planned(ReshardPlan.split(map.open(), new ShardId(0), middle, 1)).steps())
            .flipped(9000);
    // The clock has fallen since.
    map =
        map.resharding(
                Life.planned(ReshardPlan.merge(map.open(), new ShardId(1), new ShardId(2), 3))
                    .steps())
            .flipped(5000);

    assertThat(map.expiredBy(4999)).isEmpty();
    assertThat(map.expiredBy(8999)).isEmpty();
    assertThat(map.expiredBy(9000)).containsExactly(new ShardId(0), new ShardId(1), new ShardId(2));
  }

  @Example
  void countsShardsThatAreOpenForAMomentOnly() {
    // From 3 to 2 the middle one is split, and each half merged with its neighbour.
    ShardMap map = ShardMap.first(HashKeyRange.uniform(3), 1, 1000);
    ReshardPlan plan = ReshardPlan.uniform(map.open(), 2, 3);

    ShardMap resharding = map.resharding(plan.steps());

    assertThat(resharding.openCountAtMost()).isGreaterThan(3);
    assertThat(resharding.flipped(2000).openCountAtMost()).isEqualTo(2);
  }
}
