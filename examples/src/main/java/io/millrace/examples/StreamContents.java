package io.millrace.examples;

import io.millrace.engine.model.Record;
import io.millrace.engine.model.ShardId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one pass over the stream has found: which events are there, and the figures of each network
 * and shard. An event that is met again is counted as a duplicate and as nothing else. The records
 * themselves are not kept. Owned by one thread at a time.
 */
final class StreamContents {

  private final Set<String> ids = new HashSet<>();
  private final Map<String, NetworkTally> networks = new TreeMap<>();
  private final Map<ShardId, ShardTally> shards = new TreeMap<>();
  private final Map<String, Earthquake> newest = new HashMap<>();
  private int duplicates;
  private int misplaced;

  /**
   * The figures of one network.
   *
   * @param events how many
   * @param strongest the first of the strongest, if any has a magnitude
   */
  record NetworkTally(int events, Optional<Earthquake> strongest) {

    private static NetworkTally none() {
      return new NetworkTally(0, Optional.empty());
    }

    private NetworkTally plus(Earthquake next) {
      boolean isStrongest =
          next.magnitude().isPresent()
              && (strongest.isEmpty()
                  || next.magnitude().getAsDouble() > strongest.get().magnitude().getAsDouble());
      return new NetworkTally(events + 1, isStrongest ? Optional.of(next) : strongest);
    }
  }

  /**
   * The figures of one shard.
   *
   * @param records how many
   * @param bytes their data together
   */
  record ShardTally(int records, long bytes) {

    private ShardTally plus(Record next) {
      return new ShardTally(records + 1, bytes + next.data().size());
    }
  }

  /** Makes a shard known, so that it is shown even when it holds nothing. */
  void addShard(ShardId shard) {
    shards.putIfAbsent(shard, new ShardTally(0, 0));
  }

  /** Counts the next records of a shard. */
  void add(ShardId shard, List<Record> records) {
    for (Record record : records) {
      Earthquake event = Earthquake.of(record.data());
      if (!ids.add(event.id())) {
        duplicates++;
        continue;
      }
      networks.merge(
          event.network(), NetworkTally.none().plus(event), (tally, ignored) -> tally.plus(event));
      shards.merge(
          shard, new ShardTally(0, 0).plus(record), (tally, ignored) -> tally.plus(record));
      Earthquake before = newest.put(event.network(), event);
      if (before != null && Earthquake.EVENT_TIME_ORDER.compare(before, event) > 0) {
        misplaced++;
      }
    }
  }

  /** Whether each event is there at most once, and in its place. */
  boolean isExact() {
    return duplicates == 0 && misplaced == 0;
  }

  private boolean holds(Earthquake event) {
    return ids.contains(event.id());
  }

  /** The events of a feed that are not there, in its order. */
  List<Earthquake> missingOf(List<Earthquake> feed) {
    return feed.stream().filter(event -> !holds(event)).toList();
  }

  /**
   * Whether of each network the stream holds the oldest events of the feed and none behind a gap:
   * then putting the missing ones keeps the order. Otherwise the older records have expired.
   */
  boolean isBeginningOf(List<Earthquake> feed) {
    Set<String> incomplete = new HashSet<>();
    for (Earthquake event : feed) {
      if (!holds(event)) {
        incomplete.add(event.network());
      } else if (incomplete.contains(event.network())) {
        return false;
      }
    }
    return true;
  }

  /** How many events there are, each counted once. */
  int events() {
    return ids.size();
  }

  /** The bytes of their records. */
  long bytes() {
    return shards.values().stream().mapToLong(ShardTally::bytes).sum();
  }

  /** The networks by name. */
  Map<String, NetworkTally> networks() {
    return networks;
  }

  /** The shards by id. */
  Map<ShardId, ShardTally> shards() {
    return shards;
  }

  /** How many records held an event that was there already. */
  int duplicates() {
    return duplicates;
  }

  /** How many events stand behind a later one of the same network. */
  int misplaced() {
    return misplaced;
  }
}
