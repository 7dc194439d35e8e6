package io.millrace.engine.reshard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ReshardPlanProperties {

  /** Streams that were split and merged at random, also right beside the ends of uniform ranges. */
  @Provide
  Arbitrary<ShardMap> streams() {
    return Arbitraries.randomValue(ReshardPlanProperties::grown);
  }

  @Property
  void uniformEndsWithTheUniformRanges(
      @ForAll("streams") ShardMap stream, @ForAll @IntRange(min = 1, max = 60) int target) {
    stream.carryOut(ReshardPlan.uniform(stream.open(), target, stream.next()));
    assertThat(stream.byRange())
        .extracting(OpenShard::range)
        .isEqualTo(HashKeyRange.uniform(target));
  }

  @Property
  void uniformLeavesShardsAloneThatHaveATargetRange(
      @ForAll("streams") ShardMap stream, @ForAll @IntRange(min = 1, max = 60) int target) {
    ReshardPlan plan = ReshardPlan.uniform(stream.open(), target, stream.next());
    List<HashKeyRange> targets = HashKeyRange.uniform(target);
    List<ShardId> closing = plan.steps().stream().flatMap(s -> s.closing().stream()).toList();
    assertThat(closing).doesNotHaveDuplicates();
    assertThat(closing)
        .containsExactlyInAnyOrderElementsOf(
            stream.open().stream()
                .filter(shard -> !targets.contains(shard.range()))
                .map(OpenShard::shardId)
                .toList());
  }

  @Property
  void everySubsetOfStepsInAnyOrderLeavesAPartition(
      @ForAll("streams") ShardMap stream,
      @ForAll @IntRange(min = 1, max = 60) int target,
      @ForAll Random random) {
    List<ReshardStep> steps =
        new ArrayList<>(ReshardPlan.uniform(stream.open(), target, stream.next()).steps());
    Collections.shuffle(steps, random);
    steps.subList(0, random.nextInt(steps.size() + 1)).forEach(stream::carryOut);
    stream.carryOut(ReshardPlan.uniform(stream.open(), target, stream.next()));
    assertThat(stream.byRange())
        .extracting(OpenShard::range)
        .isEqualTo(HashKeyRange.uniform(target));
  }

  @Property
  void stepsAreAsSmallAsCanBe(
      @ForAll("streams") ShardMap stream, @ForAll @IntRange(min = 1, max = 60) int target) {
    List<HashKey> targetStarts =
        HashKeyRange.uniform(target).stream().map(HashKeyRange::starting).toList();
    Map<ShardId, HashKeyRange> ranges = new HashMap<>();
    stream.open().forEach(shard -> ranges.put(shard.shardId(), shard.range()));
    for (ReshardStep step : ReshardPlan.uniform(stream.open(), target, stream.next()).steps()) {
      assertThat(step.closing().stream().skip(1).map(id -> ranges.get(id).starting()))
          .doesNotContainAnyElementsOf(targetStarts);
    }
  }

  @Property(tries = 200)
  void doublingIsOneSplitForEachShard(@ForAll @IntRange(min = 1, max = 300) int count) {
    Assume.that(isUniformWidthEven(count));
    ReshardPlan plan = ReshardPlan.uniform(ShardMap.uniform(count).open(), 2 * count, count);
    assertThat(plan.steps()).hasSize(count);
    assertThat(plan.steps())
        .allSatisfy(
            step -> {
              assertThat(step.closing()).hasSize(1);
              assertThat(step.shards()).hasSize(2);
            });
  }

  @Property(tries = 200)
  void halvingIsOneMergeForEachPair(@ForAll @IntRange(min = 1, max = 300) int count) {
    Assume.that(isUniformWidthEven(count));
    ReshardPlan plan = ReshardPlan.uniform(ShardMap.uniform(2 * count).open(), count, 2 * count);
    assertThat(plan.steps()).hasSize(count);
    assertThat(plan.steps())
        .allSatisfy(
            step -> {
              assertThat(step.closing()).hasSize(2);
              assertThat(step.shards()).hasSize(1);
            });
  }

  @Property(tries = 100)
  void uniformStreamsScaleToAnyCount(
      @ForAll @IntRange(min = 1, max = 200) int from,
      @ForAll @IntRange(min = 1, max = 200) int to) {
    ShardMap stream = ShardMap.uniform(from);
    stream.carryOut(ReshardPlan.uniform(stream.open(), to, stream.next()));
    assertThat(stream.byRange()).extracting(OpenShard::range).isEqualTo(HashKeyRange.uniform(to));
  }

  @Property
  void dividesIntoAsManyPiecesAsWantedOfEvenWidth(
      @ForAll("streams") ShardMap stream,
      @ForAll @IntRange(min = 2, max = 40) int pieces,
      @ForAll Random random) {
    OpenShard shard = stream.open().get(random.nextInt(stream.open().size()));
    ReshardPlan plan =
        ReshardPlan.divide(stream.open(), Map.of(shard.shardId(), pieces), stream.next());
    stream.carryOut(plan);
    if (shard.range().width().bitLength() > 8) {
      List<BigInteger> widths =
          plan.steps().get(0).opening().stream().map(piece -> piece.range().width()).toList();
      assertThat(widths).hasSize(pieces);
      BigInteger narrowest = Collections.min(widths);
      assertThat(Collections.max(widths))
          .isLessThanOrEqualTo(narrowest.add(BigInteger.ONE).shiftLeft(1));
    }
  }

  @Property
  void mergesPairs(@ForAll("streams") ShardMap stream, @ForAll Random random) {
    List<OpenShard> shards = stream.byRange();
    List<ShardId> firsts = new ArrayList<>();
    for (int at = random.nextInt(2); at + 1 < shards.size(); at += 2 + random.nextInt(3)) {
      firsts.add(shards.get(at).shardId());
    }
    stream.carryOut(ReshardPlan.mergeWithNext(stream.open(), Set.copyOf(firsts), stream.next()));
    assertThat(stream.open()).hasSize(shards.size() - firsts.size());
  }

  private static boolean isUniformWidthEven(int count) {
    return !BigInteger.ONE.shiftLeft(128).divide(BigInteger.valueOf(count)).testBit(0);
  }

  private static ShardMap grown(Random random) {
    ShardMap stream = ShardMap.uniform(1 + random.nextInt(12));
    IntStream.range(0, random.nextInt(40)).forEach(i -> splitOrMerge(stream, random));
    return stream;
  }

  private static void splitOrMerge(ShardMap stream, Random random) {
    List<OpenShard> shards = stream.byRange();
    int at = random.nextInt(shards.size());
    OpenShard shard = shards.get(at);
    ReshardDecision decision =
        random.nextInt(5) < 2 && at + 1 < shards.size()
            ? ReshardPlan.merge(
                stream.open(), shard.shardId(), shards.get(at + 1).shardId(), stream.next())
            : ReshardPlan.split(
                stream.open(), shard.shardId(), boundary(shard.range(), random), stream.next());
    if (decision instanceof ReshardDecision.Planned planned) {
      stream.carryOut(planned.plan());
    }
  }

  private static HashKey boundary(HashKeyRange range, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> range.midpoint();
      case 1 -> beside(range, random);
      case 2 -> range.starting().equals(HashKey.MAX) ? HashKey.MAX : range.starting().next();
      default -> HashKey.of(new BigInteger(128, random));
    };
  }

  /** At most two above or below the start of a uniform range inside this one. */
  private static HashKey beside(HashKeyRange range, Random random) {
    List<HashKey> starts =
        HashKeyRange.uniform(2 + random.nextInt(20)).stream()
            .map(HashKeyRange::starting)
            .filter(range::contains)
            .filter(start -> !start.equals(HashKey.MIN))
            .toList();
    if (starts.isEmpty()) {
      return range.midpoint();
    }
    BigInteger start = starts.get(random.nextInt(starts.size())).toBigInteger();
    return HashKey.of(start.add(BigInteger.valueOf(random.nextInt(5) - 2L)));
  }
}
