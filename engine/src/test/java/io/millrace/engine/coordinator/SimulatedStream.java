package io.millrace.engine.coordinator;

import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** A stream that takes records, splits, merges and forgets expired shards, all in one thread. */
final class SimulatedStream {

  static final StreamName NAME = new StreamName("orders");
  static final long INCARNATION = 7;

  private static final int KEYS = 6;

  final TreeMap<ShardId, Shard> shards = new TreeMap<>();
  private final int[] puts = new int[KEYS];

  /** A record, as the n-th of its key. */
  record Put(SequenceNumber number, int key, int ordinal) {}

  static final class Shard {

    final ShardId id;
    final long createdSeconds;
    final Set<Integer> keys;
    final List<ShardId> parents;
    final List<Put> records = new ArrayList<>();
    OptionalLong closedMillis = OptionalLong.empty();
    boolean isExpired;

    private int settled;

    Shard(ShardId id, long createdSeconds, Set<Integer> keys, List<ShardId> parents) {
      this.id = id;
      this.createdSeconds = createdSeconds;
      this.keys = keys;
      this.parents = parents;
    }

    boolean isOpen() {
      return closedMillis.isEmpty();
    }

    /** The first record that a checkpoint leaves, by index. */
    int firstAfter(CheckpointPosition checkpoint) {
      int index = 0;
      while (index < records.size()
          && checkpoint.compareTo(CheckpointPosition.after(records.get(index).number())) >= 0) {
        index++;
      }
      return index;
    }

    /** How many records from the first on are settled; what is settled must stay so. */
    int settled(Predicate<Put> isSettled) {
      while (settled < records.size() && isSettled.test(records.get(settled))) {
        settled++;
      }
      return settled;
    }

    SequenceNumber latest() {
      return new SequenceNumber(
          createdSeconds,
          SequenceNumber.counter(records.size() + 2, 0) - 1,
          createdSeconds,
          id.index());
    }
  }

  SimulatedStream(int count) {
    for (int i = 0; i < count; i++) {
      Set<Integer> keys = new HashSet<>();
      for (int key = i; key < KEYS; key += count) {
        keys.add(key);
      }
      add(keys, List.of(), 1);
    }
  }

  private void add(Set<Integer> keys, List<ShardId> parents, long createdSeconds) {
    ShardId id = new ShardId(shards.size());
    shards.put(id, new Shard(id, createdSeconds, keys, parents));
  }

  void put(Random random) {
    int key = random.nextInt(KEYS);
    for (Shard shard : shards.values()) {
      if (shard.isOpen() && shard.keys.contains(key)) {
        SequenceNumber number =
            new SequenceNumber(
                shard.createdSeconds,
                SequenceNumber.counter(shard.records.size() + 2, 0),
                shard.createdSeconds,
                shard.id.index());
        shard.records.add(new Put(number, key, puts[key]++));
        return;
      }
    }
    throw new AssertionError("nobody owns key " + key);
  }

  void reshard(Random random, long nowMillis) {
    List<Shard> open = shards.values().stream().filter(Shard::isOpen).toList();
    Shard first = open.get(random.nextInt(open.size()));
    if (random.nextBoolean() && first.keys.size() > 1) {
      List<Integer> keys = List.copyOf(first.keys);
      int cut = 1 + random.nextInt(keys.size() - 1);
      close(first, nowMillis);
      add(Set.copyOf(keys.subList(0, cut)), List.of(first.id), first.createdSeconds + 1);
      add(Set.copyOf(keys.subList(cut, keys.size())), List.of(first.id), first.createdSeconds + 1);
    } else if (open.size() > 1) {
      Shard second = open.get((open.indexOf(first) + 1) % open.size());
      close(first, nowMillis);
      close(second, nowMillis);
      Set<Integer> keys = new HashSet<>(first.keys);
      keys.addAll(second.keys);
      add(
          keys,
          List.of(first.id, second.id),
          Math.max(first.createdSeconds, second.createdSeconds) + 1);
    }
  }

  private static void close(Shard shard, long nowMillis) {
    shard.closedMillis = OptionalLong.of(nowMillis);
  }

  /** The oldest closed shard expires, if there is one. */
  Optional<Shard> expire() {
    Optional<Shard> oldest =
        shards.values().stream()
            .filter(shard -> !shard.isOpen() && !shard.isExpired)
            .filter(
                shard -> shard.parents.stream().allMatch(parent -> shards.get(parent).isExpired))
            .findFirst();
    oldest.ifPresent(shard -> shard.isExpired = true);
    return oldest;
  }

  StreamView view() {
    List<ShardView> views =
        shards.values().stream()
            .filter(shard -> !shard.isExpired)
            .map(
                shard ->
                    new ShardView(
                        shard.id,
                        HashKeyRange.FULL,
                        shard.createdSeconds,
                        shard.createdSeconds,
                        shard.parents,
                        shard.closedMillis))
            .toList();
    return new StreamView(
        NAME,
        INCARNATION,
        "arn",
        StreamStatus.ACTIVE,
        StreamMode.PROVISIONED,
        0,
        24,
        1 << 20,
        views);
  }
}
