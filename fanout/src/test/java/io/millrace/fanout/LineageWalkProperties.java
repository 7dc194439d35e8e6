package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LineageWalkProperties {

  /** A stream that is split and merged at random; which keys a shard owns does not matter here. */
  private static final class Stream {

    final Random random;
    final List<ShardView> all = new ArrayList<>();
    final Set<ShardId> expired = new HashSet<>();
    long millis = 1_000;

    Stream(Random random) {
      this.random = random;
      for (int i = 0; i <= random.nextInt(3); i++) {
        open(List.of());
      }
    }

    void open(List<ShardId> parents) {
      ShardId shardId = new ShardId(all.size());
      all.add(new ShardView(shardId, HashKeyRange.FULL, 1, millis, parents, OptionalLong.empty()));
    }

    List<ShardView> shards() {
      return all.stream().filter(shard -> !expired.contains(shard.shardId())).toList();
    }

    List<ShardView> openShards() {
      return all.stream().filter(ShardView::isOpen).toList();
    }

    void reshard() {
      millis += random.nextInt(3);
      List<ShardView> open = openShards();
      ShardView one = open.get(random.nextInt(open.size()));
      ShardView other = open.get(random.nextInt(open.size()));
      if (one.equals(other)) {
        close(one);
        open(List.of(one.shardId()));
        open(List.of(one.shardId()));
      } else {
        close(one);
        close(other);
        open(List.of(one.shardId(), other.shardId()));
      }
    }

    void close(ShardView shard) {
      all.set(
          shard.shardId().index(),
          new ShardView(
              shard.shardId(),
              shard.range(),
              shard.createdSeconds(),
              shard.openedMillis(),
              shard.parents(),
              OptionalLong.of(millis)));
    }

    /** The oldest go first, whether or not somebody still reads them. */
    void expire() {
      for (ShardView shard : all) {
        boolean hasOlder = shard.parents().stream().anyMatch(parent -> !expired.contains(parent));
        if (!shard.isOpen() && !hasOlder && random.nextBoolean()) {
          expired.add(shard.shardId());
        }
      }
    }
  }

  @Property
  void everyShardIsReadOnceAndNoneBeforeItsParentsHaveEnded(@ForAll long seed) {
    Random random = new Random(seed);
    Stream stream = new Stream(random);
    reshards(stream, random.nextInt(8));
    boolean expires = random.nextBoolean();
    StartingPosition from = position(random, stream);
    Set<ShardId> skipped = before(from, stream);
    LineageWalk walk = LineageWalk.from(from, stream.shards());
    Set<ShardId> begun = new HashSet<>();
    Set<ShardId> ended = new HashSet<>();
    int toGo = random.nextInt(8);
    walk = begin(walk, stream, begun, ended, skipped);

    while (true) {
      if (toGo > 0 && random.nextBoolean()) {
        stream.reshard();
        toGo--;
      }
      if (expires && random.nextInt(5) == 0) {
        stream.expire();
      }
      List<ShardId> closed =
          walk.reading().stream()
              .filter(shardId -> !stream.all.get(shardId.index()).isOpen())
              .sorted()
              .toList();
      if (closed.isEmpty() && toGo == 0) {
        break;
      }
      if (!closed.isEmpty()) {
        ShardId shardId = closed.get(random.nextInt(closed.size()));
        walk = walk.finished(shardId, stream.shards());
        ended.add(shardId);
        // What has expired is forgotten.
        assertThat(Collections.disjoint(walk.passed(), stream.expired)).isTrue();
        walk = begin(walk, stream, begun, ended, skipped);
      }
    }

    // Whoever is still there has been begun or lies before the start.
    for (ShardView shard : stream.shards()) {
      assertThat(begun.contains(shard.shardId())).isNotEqualTo(skipped.contains(shard.shardId()));
    }
    assertThat(walk.reading())
        .containsExactlyInAnyOrderElementsOf(
            stream.openShards().stream().map(ShardView::shardId).toList());
  }

  private static LineageWalk begin(
      LineageWalk walk,
      Stream stream,
      Set<ShardId> begun,
      Set<ShardId> ended,
      Set<ShardId> skipped) {
    List<ShardId> next = walk.next(stream.shards());
    for (ShardId shardId : next) {
      assertThat(begun.add(shardId)).as("%s is begun once", shardId).isTrue();
      assertThat(skipped).doesNotContain(shardId);
      assertThat(stream.all.get(shardId.index()).parents())
          .allMatch(
              parent ->
                  ended.contains(parent)
                      || skipped.contains(parent)
                      || (stream.expired.contains(parent) && !begun.contains(parent)));
    }
    return walk.begun(next);
  }

  private static void reshards(Stream stream, int times) {
    IntStream.range(0, times).forEach(i -> stream.reshard());
  }

  private static StartingPosition position(Random random, Stream stream) {
    return switch (random.nextInt(3)) {
      case 0 -> StartingPosition.trimHorizon();
      case 1 -> StartingPosition.latest();
      default ->
          StartingPosition.atTimestamp(
              Instant.ofEpochMilli(990 + random.nextLong(stream.millis - 980)));
    };
  }

  private static Set<ShardId> before(StartingPosition from, Stream stream) {
    Set<ShardId> before = new HashSet<>();
    for (ShardView shard : stream.shards()) {
      boolean isBefore =
          switch (from.type()) {
            case TRIM_HORIZON -> false;
            case LATEST -> !shard.isOpen();
            default ->
                !shard.isOpen()
                    && shard.closedMillis().getAsLong() < from.timestamp().toEpochMilli();
          };
      if (isBefore) {
        before.add(shard.shardId());
      }
    }
    return before;
  }

  @Example
  void startsAtTheShardsThatWereOpenThen() {
    Stream stream = new Stream(new Random(1));
    stream.all.clear();
    stream.open(List.of());
    stream.millis = 2_000;
    stream.close(stream.all.get(0));
    stream.open(List.of(new ShardId(0)));
    stream.open(List.of(new ShardId(0)));
    stream.millis = 3_000;
    stream.close(stream.all.get(1));
    stream.close(stream.all.get(2));
    stream.open(List.of(new ShardId(1), new ShardId(2)));

    assertThat(start(stream, StartingPosition.trimHorizon())).containsExactly(new ShardId(0));
    assertThat(start(stream, at(1_999))).containsExactly(new ShardId(0));
    assertThat(start(stream, at(2_001))).containsExactly(new ShardId(1), new ShardId(2));
    assertThat(start(stream, at(3_001))).containsExactly(new ShardId(3));
    assertThat(start(stream, StartingPosition.latest())).containsExactly(new ShardId(3));
  }

  private static StartingPosition at(long epochMillis) {
    return StartingPosition.atTimestamp(Instant.ofEpochMilli(epochMillis));
  }

  private static List<ShardId> start(Stream stream, StartingPosition from) {
    return LineageWalk.from(from, stream.shards()).next(stream.shards());
  }
}
