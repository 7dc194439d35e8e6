package io.millrace.engine.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReshardPlanTest {

  private static final BigInteger Q = BigInteger.ONE.shiftLeft(126);

  @Test
  void splitsAndMergesAsInTheWorkedExample() {
    ShardMap stream = ShardMap.uniform(2);

    ReshardPlan split = planned(ReshardPlan.split(stream.open(), id(0), HashKey.of(Q), 2));
    assertThat(split.steps())
        .containsExactly(
            new ReshardStep(
                List.of(id(0)),
                List.of(
                    new PlannedShard(id(2), range(0, 1), List.of(id(0)), false),
                    new PlannedShard(id(3), range(1, 2), List.of(id(0)), false))));
    stream.carryOut(split);

    ReshardPlan merge = planned(ReshardPlan.merge(stream.open(), id(3), id(1), stream.next()));
    assertThat(merge.steps())
        .containsExactly(
            new ReshardStep(
                List.of(id(3), id(1)),
                List.of(new PlannedShard(id(4), range(1, 4), List.of(id(3), id(1)), false))));
    stream.carryOut(merge);
    assertThat(stream.byRange())
        .containsExactly(new OpenShard(id(2), range(0, 1)), new OpenShard(id(4), range(1, 4)));
  }

  @Test
  void refusesSplitOfShardThatIsNotOpen() {
    assertThat(refusal(ReshardPlan.split(ShardMap.uniform(2).open(), id(2), HashKey.of(Q), 3)))
        .isEqualTo(
            "shardId-000000000002 has already been merged or split, and thus is not eligible for merging or splitting.");
  }

  @Test
  void refusesSplitWithinOneHashKeyOfTheEnds() {
    List<OpenShard> narrow = List.of(new OpenShard(id(0), keys(10, 14)));
    for (long refused : new long[] {0, 9, 10, 11, 14, 15}) {
      assertThat(refusal(ReshardPlan.split(narrow, id(0), key(refused), 1)))
          .isEqualTo(
              "NewStartingHashKey %d is not both greater than one plus the StartingHashKey 10 of shardId-000000000000 and less than its EndingHashKey 14."
                  .formatted(refused));
    }
    assertThat(planned(ReshardPlan.split(narrow, id(0), key(12), 1)).createdShards()).isEqualTo(2);
    assertThat(planned(ReshardPlan.split(narrow, id(0), key(13), 1)).createdShards()).isEqualTo(2);
  }

  @Test
  void refusesMergeOfShardsThatDoNotFollowOneAnother() {
    List<OpenShard> open = ShardMap.uniform(3).open();
    String refused =
        "%s and %s are not an adjacent pair of shards, in this order, and cannot be merged.";
    assertThat(refusal(ReshardPlan.merge(open, id(0), id(2), 3)))
        .isEqualTo(refused.formatted(id(0), id(2)));
    assertThat(refusal(ReshardPlan.merge(open, id(1), id(0), 3)))
        .isEqualTo(refused.formatted(id(1), id(0)));
    assertThat(refusal(ReshardPlan.merge(open, id(1), id(1), 3)))
        .isEqualTo(refused.formatted(id(1), id(1)));
    assertThat(refusal(ReshardPlan.merge(open, id(2), id(0), 3)))
        .isEqualTo(refused.formatted(id(2), id(0)));
  }

  @Test
  void refusesMergeOfShardThatIsNotOpen() {
    List<OpenShard> open = ShardMap.uniform(2).open();
    assertThat(refusal(ReshardPlan.merge(open, id(7), id(1), 8))).startsWith("" + id(7));
    assertThat(refusal(ReshardPlan.merge(open, id(0), id(7), 8))).startsWith("" + id(7));
  }

  @Test
  void uniformFromTwoToThreeSplitsTheMiddleAndMergesIt() {
    ReshardPlan plan = ReshardPlan.uniform(ShardMap.uniform(2).open(), 3, 2);
    assertThat(plan.steps()).hasSize(1);
    assertThat(plan.steps().get(0).closing()).containsExactly(id(0), id(1));
    assertThat(plan.steps().get(0).shards())
        .extracting(PlannedShard::shardId, PlannedShard::parents, PlannedShard::passing)
        .containsExactly(
            tuple(id(2), List.of(id(0)), false),
            tuple(id(3), List.of(id(0)), true),
            tuple(id(4), List.of(id(1)), true),
            tuple(id(5), List.of(id(1)), false),
            tuple(id(6), List.of(id(3), id(4)), false));
  }

  @Test
  void uniformMergesFirstWhereASplitIsNotAllowed() {
    HashKey half = HashKeyRange.FULL.midpoint();
    for (HashKey boundary : List.of(half.previous(), half.next())) {
      ShardMap stream = ShardMap.uniform(1);
      stream.carryOut(planned(ReshardPlan.split(stream.open(), id(0), boundary, 1)));
      stream.carryOut(ReshardPlan.uniform(stream.open(), 2, stream.next()));
      assertThat(stream.byRange()).extracting(OpenShard::range).isEqualTo(HashKeyRange.uniform(2));
    }
  }

  @Test
  void doublingAnOddWidthMergesOnlyWhereItMust() {
    ReshardPlan plan = ReshardPlan.uniform(ShardMap.uniform(3).open(), 6, 3);
    assertThat(plan.steps()).hasSize(1);
    assertThat(plan.steps().get(0).shards().get(0).parents()).containsExactly(id(0), id(1));
    assertThat(plan.steps().get(0).shards().stream().filter(shard -> shard.parents().size() == 2))
        .hasSize(2);
  }

  @Test
  void uniformTakesTenThousandShards() {
    ShardMap stream = ShardMap.uniform(9_999);
    stream.carryOut(ReshardPlan.uniform(stream.open(), 10_000, 9_999));
    assertThat(stream.byRange())
        .extracting(OpenShard::range)
        .isEqualTo(HashKeyRange.uniform(10_000));
  }

  @Test
  void uniformWantsEveryHashKeyExactlyOnce() {
    OpenShard half = new OpenShard(id(0), HashKeyRange.uniform(2).get(0));
    OpenShard whole = new OpenShard(id(1), HashKeyRange.FULL);
    for (List<OpenShard> open :
        List.of(List.<OpenShard>of(), List.of(half), List.of(half, whole))) {
      assertThatThrownBy(() -> ReshardPlan.uniform(open, 2, 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("exactly once");
    }
  }

  @Test
  void dividesTheWidestPieceFirst() {
    ShardMap stream = ShardMap.uniform(2);
    ReshardPlan plan = ReshardPlan.divide(stream.open(), Map.of(id(1), 3), 2);
    stream.carryOut(plan);
    assertThat(stream.byRange())
        .extracting(OpenShard::range)
        .containsExactly(
            range(0, 2),
            keyRange(Q.shiftLeft(1), Q.multiply(BigInteger.valueOf(5)).shiftRight(1)),
            keyRange(
                Q.multiply(BigInteger.valueOf(5)).shiftRight(1), Q.multiply(BigInteger.valueOf(3))),
            range(3, 4));
  }

  @Test
  void dividesNoFurtherThanItMay() {
    List<OpenShard> narrow = List.of(new OpenShard(id(0), keys(0, 6)));
    ReshardPlan plan = ReshardPlan.divide(narrow, Map.of(id(0), 100), 1);
    assertThat(plan.steps().get(0).opening())
        .extracting(PlannedShard::range)
        .containsExactlyInAnyOrder(keys(0, 2), keys(3, 4), keys(5, 6));
    List<OpenShard> tooNarrow = List.of(new OpenShard(id(0), keys(0, 2)));
    assertThat(ReshardPlan.divide(tooNarrow, Map.of(id(0), 2), 1)).isEqualTo(ReshardPlan.NOTHING);
  }

  @Test
  void mergesEachNamedShardWithTheNext() {
    ShardMap stream = ShardMap.uniform(5);
    stream.carryOut(ReshardPlan.mergeWithNext(stream.open(), Set.of(id(0), id(3)), 5));
    assertThat(stream.byRange())
        .extracting(OpenShard::shardId)
        .containsExactly(id(5), id(2), id(6));
  }

  @Test
  void mergesOnlyPairs() {
    List<OpenShard> open = ShardMap.uniform(3).open();
    for (Set<ShardId> firsts : List.of(Set.of(id(0), id(1)), Set.of(id(2)), Set.of(id(9)))) {
      assertThatThrownBy(() -> ReshardPlan.mergeWithNext(open, firsts, 3))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static ReshardPlan planned(ReshardDecision decision) {
    return ((ReshardDecision.Planned) decision).plan();
  }

  private static String refusal(ReshardDecision decision) {
    return ((ReshardDecision.Refused) decision).message();
  }

  private static ShardId id(int index) {
    return new ShardId(index);
  }

  private static HashKey key(long value) {
    return HashKey.of(BigInteger.valueOf(value));
  }

  private static HashKeyRange keys(long start, long end) {
    return new HashKeyRange(key(start), key(end));
  }

  /** From one multiple of 2^126 to just below another. */
  private static HashKeyRange range(int start, int end) {
    return keyRange(Q.multiply(BigInteger.valueOf(start)), Q.multiply(BigInteger.valueOf(end)));
  }

  private static HashKeyRange keyRange(BigInteger start, BigInteger end) {
    return new HashKeyRange(HashKey.of(start), HashKey.of(end.subtract(BigInteger.ONE)));
  }
}
