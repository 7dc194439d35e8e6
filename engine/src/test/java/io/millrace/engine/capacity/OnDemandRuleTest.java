package io.millrace.engine.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.capacity.CapacityDecision.Reason;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import io.millrace.engine.reshard.ReshardPlan;
import io.millrace.engine.reshard.ShardMap;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OnDemandRuleTest {

  private static final int DAY = 24 * 60;
  private static final OnDemandRule RULE = new OnDemandRule(0, 200);

  private final ShardMap stream = ShardMap.uniform(4);
  private ObservedTraffic observed = ObservedTraffic.startingWith(Peaks.ofThirtyDays());
  private long minute;

  @Test
  void leavesAnIdleStreamOfFourShards() {
    pass(3 * DAY, 0);
    assertThat(decide(RULE).reason()).isEqualTo(Reason.ENOUGH);
  }

  @Test
  void wantsTwiceThePeakInBytesOrRecords() {
    assertThat(RULE.desiredShards(Traffic.NONE)).isEqualTo(4);
    assertThat(RULE.desiredShards(Traffic.perSecond(2 << 20, 2_000))).isEqualTo(4);
    assertThat(RULE.desiredShards(Traffic.perSecond((2 << 20) + 1, 0))).isEqualTo(5);
    assertThat(RULE.desiredShards(Traffic.perSecond(0, 2_001))).isEqualTo(5);
    assertThat(RULE.desiredShards(Traffic.perSecond(100 << 20, 7))).isEqualTo(200);
    assertThat(new OnDemandRule(30, 200).desiredShards(Traffic.NONE)).isEqualTo(30);
  }

  @Test
  void growsAtOnceWithThePeak() {
    pass(1, 3.2);
    CapacityDecision decision = carryOut(RULE);
    assertThat(decision.reason()).isEqualTo(Reason.SCALE_OUT);
    assertThat(stream.open()).hasSize(8);
    assertThat(decision.explanation())
        .isEqualTo(
            "4 shards, 7 wanted for a 30-day peak of 3.20 MiB/s and 3200 records/s: grows by 4");
  }

  @Test
  void growsByWhatIsWantedWhereTheTrafficIs() {
    observe(Map.of(0, shards(0.45), 1, shards(0.8), 2, shards(0.45), 3, shards(0.45)));
    observe(Map.of(0, shards(0.0), 1, shards(0.9), 2, shards(0.0), 3, shards(0.0)));
    assertThat(carryOut(RULE).plan().steps()).hasSize(1);
    assertThat(widths()).containsExactly(4, 8, 8, 4, 4);
  }

  @Test
  void followsATrafficThatFillsAllShards() {
    for (int shards = 4; shards < 200; shards *= 2) {
      pass(1, shards);
      carryOut(RULE);
      assertThat(stream.open()).hasSize(Math.min(200, 2 * shards));
    }
  }

  @Test
  void reportsThatItMayNotGrow() {
    pass(1, 3.9);
    assertThat(carryOut(new OnDemandRule(0, 6)).reason()).isEqualTo(Reason.SCALE_OUT);
    assertThat(stream.open()).hasSize(6);
    pass(1, 3.9);
    assertThat(decide(new OnDemandRule(0, 6)).reason()).isEqualTo(Reason.AT_CEILING);
    assertThat(decide(new OnDemandRule(0, 6)).plan().isEmpty()).isTrue();
  }

  @Test
  void preparesForWarmThroughputSpreadEvenly() {
    carryOut(new OnDemandRule(50, 200));
    assertThat(stream.open()).hasSize(64);
    assertThat(decide(new OnDemandRule(50, 200)).reason()).isEqualTo(Reason.ENOUGH);
  }

  @Test
  void keepsUniformRangesWhoseLastIsAKeyWider() {
    ShardMap six = ShardMap.uniform(6);
    CapacityDecision decision = new OnDemandRule(6, 200).decide(observed, six.open(), six.next());
    assertThat(decision.reason()).isEqualTo(Reason.ENOUGH);
  }

  @Test
  void growsToFourAfterASwitchFromOneShard() {
    ShardMap one = ShardMap.uniform(1);
    one.carryOut(RULE.decide(observed, one.open(), one.next()).plan());
    assertThat(one.byRange()).extracting(OpenShard::range).isEqualTo(HashKeyRange.uniform(4));
  }

  @Test
  void splitsAHotShardEvenlyThoughTheTotalIsFine() {
    observe(Map.of(2, new ShardMinute(Traffic.perSecond(500_001, 10), Optional.empty())));
    CapacityDecision decision = carryOut(RULE);
    assertThat(decision.reason()).isEqualTo(Reason.HOT_SHARD);
    assertThat(decision.explanation()).endsWith("splits hot [shardId-000000000002]");
    assertThat(widths()).containsExactly(4, 4, 8, 8, 4);
  }

  @Test
  void splitsAShardThatIsHotByItsRecords() {
    observe(Map.of(2, ShardMinute.of(Traffic.perSecond(0, 501))));
    assertThat(carryOut(RULE).reason()).isEqualTo(Reason.HOT_SHARD);
  }

  @Test
  void leavesAShardThatIsJustNotHot() {
    observe(Map.of(2, ShardMinute.of(Traffic.perSecond(500_000, 500))));
    assertThat(decide(RULE).reason()).isEqualTo(Reason.ENOUGH);
  }

  @Test
  void leavesAShardThatOneKeyMakesHot() {
    observe(Map.of(2, hotByKey(0.95)));
    CapacityDecision decision = decide(RULE);
    assertThat(decision.reason()).isEqualTo(Reason.ONE_KEY);
    assertThat(decision.plan().isEmpty()).isTrue();
    assertThat(decision.explanation()).endsWith("no split helps [shardId-000000000002]");
  }

  @Test
  void splitsAwayFromAHotKeyWhatElseIsThere() {
    observe(Map.of(2, hotByKey(0.6)));
    assertThat(decide(RULE).reason()).isEqualTo(Reason.HOT_SHARD);
  }

  @Test
  void doesNotGrowWhereOneKeyHasTheTraffic() {
    // 2.5 shards of traffic in all, so one more shard is wanted.
    observe(
        Map.of(
            0, ShardMinute.of(Traffic.OF_ONE_SHARD.times(0.46)),
            1, ShardMinute.of(Traffic.OF_ONE_SHARD.times(0.47)),
            2, new ShardMinute(Traffic.OF_ONE_SHARD, Optional.of(new HotKey(HashKey.MIN, 0.99))),
            3, ShardMinute.of(Traffic.OF_ONE_SHARD.times(0.46))));
    carryOut(RULE);
    assertThat(widths()).containsExactly(4, 8, 8, 4, 4);
  }

  @Test
  void mergesNotBeforeTwentyFourHours() {
    carryOut(new OnDemandRule(16, 200));
    assertThat(stream.open()).hasSize(16);
    pass(DAY, 1.5);
    assertThat(decide(RULE).reason()).isEqualTo(Reason.ENOUGH);
    pass(1, 1.5);
    assertThat(carryOut(RULE).reason()).isEqualTo(Reason.SCALE_IN);
    assertThat(stream.byRange()).extracting(OpenShard::range).isEqualTo(HashKeyRange.uniform(8));
    pass(DAY, 1.5);
    assertThat(decide(RULE).reason()).isEqualTo(Reason.ENOUGH);
    pass(1, 1.5);
    assertThat(carryOut(RULE).reason()).isEqualTo(Reason.SCALE_IN);
    assertThat(stream.open()).hasSize(4);
    pass(3 * DAY, 1.5);
    assertThat(decide(RULE).reason()).isEqualTo(Reason.ENOUGH);
  }

  @Test
  void aMinuteOfHalfTheCapacityStartsTheDayAnew() {
    carryOut(new OnDemandRule(16, 200));
    pass(DAY / 2, 1);
    // The largest minute of 30 days, so it counts until it is 30 days old.
    pass(1, 4);
    pass(29 * DAY, 1);
    assertThat(decide(RULE).reason()).isEqualTo(Reason.ENOUGH);
    pass(4 * DAY, 1);
    assertThat(decide(RULE).reason()).isEqualTo(Reason.SCALE_IN);
  }

  @Test
  void mergesOnlyColdNeighbours() {
    carryOut(new OnDemandRule(16, 200));
    List<OpenShard> shards = stream.byRange();
    for (int i = 0; i <= DAY; i++) {
      Map<Integer, ShardMinute> minutes = new HashMap<>();
      // Each second shard is cold, but no pair is.
      for (OpenShard shard : shards) {
        boolean isSecond = minutes.size() % 2 == 1;
        int bytesPerSecond = isSecond ? 11_000 : i == 100 ? 490_000 : 0;
        minutes.put(shard.shardId().index(), ShardMinute.of(Traffic.perSecond(bytesPerSecond, 0)));
      }
      observe(minutes);
    }
    assertThat(observed.idleSinceMinute()).hasValue(1);
    // Then fewer shards would do, were there pairs to merge.
    observed =
        new ObservedTraffic(
            observed.epochMinute(),
            Peaks.ofThirtyDays(),
            observed.shards(),
            observed.idleSinceMinute());
    CapacityDecision decision = decide(RULE);
    assertThat(decision.reason()).isEqualTo(Reason.ENOUGH);
  }

  @Test
  void mergesNoFurtherThanWanted() {
    // One wide shard and four narrow ones, and no leave to split the wide one.
    ShardMap uneven = ShardMap.uniform(2);
    uneven.carryOut(ReshardPlan.divide(uneven.open(), Map.of(id(1), 4), uneven.next()));
    Map<ShardId, ShardMinute> idle = new HashMap<>();
    uneven.open().forEach(shard -> idle.put(shard.shardId(), ShardMinute.of(Traffic.NONE)));
    for (int i = 0; i <= DAY; i++) {
      observed = observed.observe(i, idle);
    }
    CapacityDecision decision =
        new OnDemandRule(0, 5).decide(observed, uneven.open(), uneven.next());
    assertThat(decision.reason()).isEqualTo(Reason.SCALE_IN);
    assertThat(decision.plan().growth()).isEqualTo(-1);
  }

  @Test
  void mergesNoWiderThanDoubleThePeakAllowsThoughItIsColder() {
    stream.carryOut(ReshardPlan.divide(stream.open(), Map.of(id(3), 2), stream.next()));
    for (int i = 0; i <= DAY; i++) {
      observe(Map.of(4, shards(0.1), 5, shards(0.1)));
    }
    assertThat(carryOut(RULE).reason()).isEqualTo(Reason.SCALE_IN);
    assertThat(stream.byRange()).extracting(OpenShard::range).isEqualTo(HashKeyRange.uniform(4));
  }

  @Test
  void doesNotMergeWhileAShardIsYoung() {
    carryOut(new OnDemandRule(8, 200));
    pass(DAY, 0);
    // One shard is split by hand of the rule, and its halves have no history.
    observe(Map.of(stream.byRange().get(0).shardId().index(), shards(0.6)));
    assertThat(carryOut(RULE).reason()).isEqualTo(Reason.HOT_SHARD);
    pass(1, 0);
    carryOut(RULE);
    assertThat(widths()).startsWith(16, 16);
  }

  @Test
  void forgetsShardsThatAreNotObserved() {
    pass(1, 1);
    observed = observed.observe(++minute, Map.of(new ShardId(3), ShardMinute.of(Traffic.NONE)));
    assertThat(observed.shards()).containsOnlyKeys(new ShardId(3));
  }

  @Test
  void startsWithWhatWasStored() {
    pass(1, 3.9);
    observed = ObservedTraffic.startingWith(observed.daily());
    assertThat(carryOut(RULE).reason()).isEqualTo(Reason.SCALE_OUT);
    assertThat(stream.open()).hasSize(8);
  }

  private CapacityDecision decide(OnDemandRule rule) {
    return rule.decide(observed, stream.open(), stream.next());
  }

  private CapacityDecision carryOut(OnDemandRule rule) {
    CapacityDecision decision = decide(rule);
    stream.carryOut(decision.plan());
    return decision;
  }

  /** Minutes of traffic that would fill so many shards, spread evenly over the hash space. */
  private void pass(int minutes, double shards) {
    for (int i = 0; i < minutes; i++) {
      Map<Integer, ShardMinute> each = new HashMap<>();
      for (OpenShard shard : stream.open()) {
        each.put(shard.shardId().index(), shards(shards * shard.range().shareOfSpace()));
      }
      observe(each);
    }
  }

  /** A minute of the named shards; the others are idle. */
  private void observe(Map<Integer, ShardMinute> minutes) {
    Map<ShardId, ShardMinute> all = new HashMap<>();
    stream.open().forEach(shard -> all.put(shard.shardId(), ShardMinute.of(Traffic.NONE)));
    minutes.forEach((index, each) -> all.put(new ShardId(index), each));
    observed = observed.observe(++minute, all);
  }

  private static ShardId id(int index) {
    return new ShardId(index);
  }

  private static ShardMinute shards(double shards) {
    return ShardMinute.of(Traffic.OF_ONE_SHARD.times(shards));
  }

  private static ShardMinute hotByKey(double share) {
    return new ShardMinute(
        Traffic.perSecond(700_000, 100), Optional.of(new HotKey(HashKey.MIN, share)));
  }

  /** What part of the hash space each open shard owns, as one by how many. */
  private List<Integer> widths() {
    return stream.byRange().stream()
        .map(shard -> BigInteger.ONE.shiftLeft(128).divide(shard.range().width()).intValueExact())
        .toList();
  }
}
