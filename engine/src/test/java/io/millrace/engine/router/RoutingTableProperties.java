package io.millrace.engine.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import io.millrace.testkit.Awaits;
import java.lang.ref.WeakReference;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RoutingTableProperties {

  private static ShardView shard(int index, HashKeyRange range, OptionalLong closed) {
    return new ShardView(new ShardId(index), range, 1, 1000, List.of(), closed);
  }

  private static StreamView stream(List<ShardView> shards) {
    return stream("orders", shards);
  }

  private static StreamView stream(String name, List<ShardView> shards) {
    return new StreamView(
        new StreamName(name),
        1,
        "arn",
        StreamStatus.ACTIVE,
        StreamMode.PROVISIONED,
        1000,
        24,
        1 << 20,
        shards);
  }

  private static StreamView uniform(int count) {
    List<ShardView> shards = new ArrayList<>();
    for (HashKeyRange range : HashKeyRange.uniform(count)) {
      shards.add(shard(shards.size(), range, OptionalLong.empty()));
    }
    return stream(shards);
  }

  /** The only open shard whose range holds the key; fails if it is not the only one. */
  private static ShardId scanned(StreamView stream, HashKey key) {
    List<ShardView> owners =
        stream.shards().stream()
            .filter(shard -> shard.isOpen() && shard.range().contains(key))
            .toList();
    assertThat(owners).hasSize(1);
    return owners.get(0).shardId();
  }

  private static ShardId looked(RoutingTable table, HashKey key) {
    return table.shard(table.indexOf(key)).shardId();
  }

  private static void agree(StreamView stream, Random random) {
    RoutingTable table = new RoutingTable(stream);
    List<HashKey> keys = new ArrayList<>(List.of(HashKey.MIN, HashKey.MAX));
    for (ShardView shard : stream.shards()) {
      keys.add(shard.range().starting());
      keys.add(shard.range().ending());
    }
    for (int i = 0; i < 20; i++) {
      keys.add(HashKey.of(new BigInteger(128, random)));
    }
    for (HashKey key : keys) {
      assertThat(looked(table, key)).isEqualTo(scanned(stream, key));
    }
  }

  @Property(tries = 200)
  void findsTheOneOwnerAmongEvenRanges(
      @ForAll @IntRange(min = 1, max = 300) int count, @ForAll long seed) {
    agree(uniform(count), new Random(seed));
  }

  @Property(tries = 200)
  void findsTheOneOwnerAmongAnyRangesInAnyOrderBesideClosedShards(
      @ForAll @IntRange(min = 0, max = 60) int cuts, @ForAll long seed) {
    Random random = new Random(seed);
    TreeSet<HashKey> starts = new TreeSet<>(List.of(HashKey.MIN));
    for (int i = 0; i < cuts; i++) {
      // Some ranges are tiny, down to one hash key.
      BigInteger cut = new BigInteger(random.nextBoolean() ? 128 : 6, random);
      starts.add(HashKey.of(cut));
    }
    List<HashKeyRange> ranges = new ArrayList<>();
    for (HashKey start : starts) {
      HashKey next = starts.higher(start);
      ranges.add(new HashKeyRange(start, next == null ? HashKey.MAX : next.previous()));
    }
    Collections.shuffle(ranges, random);
    List<ShardView> shards = new ArrayList<>();
    for (HashKeyRange range : ranges) {
      if (random.nextInt(4) == 0) {
        shards.add(shard(shards.size(), range, OptionalLong.of(2000)));
      }
      shards.add(shard(shards.size(), range, OptionalLong.empty()));
    }
    agree(stream(shards), random);
  }

  @Property(tries = 200)
  void hashKeyOfAPartitionKeyHasOneOwner(
      @ForAll String partitionKey, @ForAll @IntRange(min = 1, max = 50) int count) {
    StreamView stream = uniform(count);
    HashKey key = HashKey.ofPartitionKey(partitionKey);

    assertThat(looked(new RoutingTable(stream), key)).isEqualTo(scanned(stream, key));
  }

  @Example
  void tableIsMadeAnewWhenTheStreamHasChanged() {
    RoutingTables tables = new RoutingTables();
    StreamView one = uniform(1);
    StreamView two = uniform(2);

    RoutingTable first = tables.of(one);

    assertThat(tables.of(one)).isSameAs(first);
    assertThat(tables.of(two).size()).isEqualTo(2);
    assertThat(tables.of(one).size()).isEqualTo(1);
  }

  @Example
  void tableOfAStreamThatIsGoneGoesToo() {
    RoutingTables tables = new RoutingTables();
    StreamView kept = stream("kept", List.of());
    RoutingTable ofKept = tables.of(kept);
    WeakReference<RoutingTable> ofGone = new WeakReference<>(tables.of(stream("gone", List.of())));

    Awaits.await(
        "the table to go",
        () -> {
          System.gc();
          tables.of(stream("next", List.of()));
          return ofGone.refersTo(null);
        });

    assertThat(tables.of(kept)).isSameAs(ofKept);
  }
}
