package io.millrace.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One life of a stream as it must be: what was acknowledged, and how much of it has expired. Says
 * of anything that is read whether it may be so.
 */
final class StreamModel {

  /** Any hash key, as it is put: of the partition key, or explicit. */
  static HashKey hashKey(PutRecordsRequestEntry entry) {
    return entry.explicitHashKey() == null
        ? HashKey.ofPartitionKey(entry.partitionKey())
        : HashKey.parse(entry.explicitHashKey());
  }

  /** A record that was acknowledged. */
  record Kept(SequenceNumber number, String key, Payload data, long putMillis) {
    long size() {
      return (long) data.size() + key.getBytes(UTF_8).length;
    }
  }

  /** One shard: every record that it ever had, in order. */
  static final class ShardModel {
    final List<ShardModel> parents;
    final List<Kept> kept = new ArrayList<>();

    /** Arrival times, as they were first read; they never change. */
    final List<Long> arrivals = new ArrayList<>();

    /** As many as had expired at some time; they may have been trimmed. */
    private int onceExpired;

    /** As it was last listed. */
    private Shard shard;

    /** When it closed, at the earliest and at the latest; the clock may have been set back. */
    private long closedFrom = Long.MAX_VALUE;

    private long closedTo = Long.MAX_VALUE;

    ShardModel(Shard shard, List<ShardModel> parents) {
      this.shard = shard;
      this.parents = List.copyOf(parents);
    }

    Shard shard() {
      return shard;
    }

    String id() {
      return shard.shardId().toString();
    }

    boolean isOpen() {
      return shard.isOpen();
    }

    HashKeyRange range() {
      return shard.hashKeyRange();
    }

    private boolean descendsFrom(ShardModel other) {
      return this == other || parents.stream().anyMatch(parent -> parent.descendsFrom(other));
    }

    private void close(Shard listed, long from, long to) {
      shard = listed;
      closedFrom = from;
      closedTo = to;
    }
  }

  /** Something that may be done so often in any 24 hours. */
  static final class Daily {

    private final int limit;
    private final List<Long> doneMillis = new ArrayList<>();

    private Daily(int limit) {
      this.limit = limit;
    }

    boolean mayHappen(long nowMillis) {
      long since = nowMillis - Duration.ofHours(24).toMillis();
      return doneMillis.stream().filter(done -> done > since).count() < limit;
    }

    void happened(long nowMillis) {
      doneMillis.add(nowMillis);
    }
  }

  final String name;
  final List<ShardModel> shards = new ArrayList<>();
  final Daily scalings = new Daily(10);
  final Daily modeSwitches = new Daily(2);
  StreamModeDetails mode = StreamModeDetails.PROVISIONED;
  int retentionHours = 24;
  private long floor = Long.MIN_VALUE;

  /** The latest time that records ever expired by, and the latest there ever was. */
  private long latestHorizon = Long.MIN_VALUE;

  private long latestMillis = Long.MIN_VALUE;

  /** Where the newest record of each hash key lies. */
  private final Map<HashKey, ShardModel> newest = new HashMap<>();

  StreamModel(String name, List<Shard> shards) {
    this.name = name;
    shards.forEach(shard -> this.shards.add(new ShardModel(shard, List.of())));
    verifyRanges(shards);
  }

  boolean isOnDemand() {
    return mode.equals(StreamModeDetails.ON_DEMAND);
  }

  // shards

  List<ShardModel> open() {
    return shards.stream()
        .filter(ShardModel::isOpen)
        .sorted(Comparator.comparing(shard -> shard.range().starting()))
        .toList();
  }

  private Optional<ShardModel> find(ShardId shardId) {
    return shards.stream().filter(shard -> shard.shard.shardId().equals(shardId)).findFirst();
  }

  /** The shards that whoever reads the end of this one is sent to. */
  List<ChildShard> childrenOf(ShardModel parent) {
    return shards.stream()
        .filter(shard -> shard.parents.contains(parent))
        .map(
            shard ->
                new ChildShard(
                    shard.shard.shardId(),
                    shard.parents.stream().map(of -> of.shard.shardId()).toList(),
                    shard.range()))
        .toList();
  }

  /** Whether it is certain that the shard can be listed and read. */
  boolean isThere(ShardModel shard) {
    return shard.isOpen() || shard.closedFrom > latestHorizon;
  }

  /** Shards have been split, merged or scaled: takes in what a listing shows now. */
  void resharded(List<Shard> listed, long nowMillis) {
    for (Shard shard : listed) {
      Optional<ShardModel> known = find(shard.shardId());
      if (known.isEmpty()) {
        ShardModel child = born(shard);
        if (!shard.isOpen()) {
          child.close(shard, nowMillis, latestMillis);
        }
      } else if (known.get().isOpen() && !shard.isOpen()) {
        known.get().close(shard, nowMillis, latestMillis);
      }
    }
    verifyListed(listed, nowMillis);
  }

  private ShardModel born(Shard shard) {
    List<ShardModel> parents =
        Stream.of(
                Optional.ofNullable(shard.parentShardId()),
                Optional.ofNullable(shard.adjacentParentShardId()))
            .flatMap(parent -> parent.flatMap(this::find).stream())
            .toList();
    assertThat(shard.shardId().index()).as("index of a new shard").isEqualTo(shards.size());
    assertThat(parents).as("parents of %s", shard).hasSizeBetween(1, 2);
    for (ShardModel parent : parents) {
      assertThat(parent.isOpen()).as("%s, a parent, is open", parent.shard).isFalse();
      assertThat(shard.sequenceNumberRange().startingSequenceNumber())
          .as("first number of a child")
          .isGreaterThan(parent.shard.sequenceNumberRange().endingSequenceNumber());
    }
    HashKeyRange range = shard.hashKeyRange();
    if (parents.size() == 1) {
      assertThat(parents.get(0).range().contains(range.starting())).isTrue();
      assertThat(parents.get(0).range().contains(range.ending())).isTrue();
    } else {
      assertThat(range)
          .isEqualTo(
              new HashKeyRange(parents.get(0).range().starting(), parents.get(1).range().ending()));
    }
    ShardModel child = new ShardModel(shard, parents);
    shards.add(child);
    return child;
  }

  /** Holds a listing of all shards against what must and what may be in it. */
  void verifyListed(List<Shard> listed, long nowMillis) {
    verifyRanges(listed);
    for (Shard shard : listed) {
      ShardModel known = find(shard.shardId()).orElseThrow();
      assertThat(shard).as("a shard that nobody has resharded").isEqualTo(known.shard);
      assertThat(known.closedTo)
          .as(
              "the end of %s, which is listed, when all until %d expired",
              shard, horizon(nowMillis))
          .isGreaterThan(horizon(nowMillis));
      verifyNumbers(known);
    }
    assertThat(listed)
        .containsAll(shards.stream().filter(this::isThere).map(ShardModel::shard).toList());
  }

  private static void verifyNumbers(ShardModel shard) {
    if (!shard.kept.isEmpty() && !shard.isOpen()) {
      assertThat(shard.kept.get(shard.kept.size() - 1).number())
          .as("last number of %s", shard.shard)
          .isLessThan(shard.shard.sequenceNumberRange().endingSequenceNumber());
    }
    for (ShardModel parent : shard.parents) {
      if (!parent.arrivals.isEmpty() && !shard.arrivals.isEmpty()) {
        assertThat(shard.arrivals.get(0))
            .as("first arrival in %s", shard.shard)
            .isGreaterThanOrEqualTo(parent.arrivals.get(parent.arrivals.size() - 1));
      }
    }
  }

  /** The open ranges cover the hash space exactly once. */
  static void verifyRanges(List<Shard> shards) {
    BigInteger next = BigInteger.ZERO;
    for (Shard shard :
        shards.stream()
            .filter(Shard::isOpen)
            .sorted(Comparator.comparing(open -> open.hashKeyRange().starting()))
            .toList()) {
      assertThat(shard.hashKeyRange().starting().toBigInteger()).isEqualTo(next);
      next = shard.hashKeyRange().ending().toBigInteger().add(BigInteger.ONE);
    }
    assertThat(next).isEqualTo(BigInteger.ONE.shiftLeft(128));
  }

  // records

  ShardModel owner(PutRecordsRequestEntry entry) {
    return open().stream()
        .filter(candidate -> candidate.range().contains(hashKey(entry)))
        .findFirst()
        .orElseThrow();
  }

  /** These were acknowledged, none of them before another was put. */
  void stored(List<PutRecordsRequestEntry> entries, List<SequenceNumber> numbers, long nowMillis) {
    stored(entries, numbers, open(), nowMillis);
  }

  /**
   * The same, when shards may have closed or opened meanwhile.
   *
   * @param takers shards that were open for some of the time
   */
  void stored(
      List<PutRecordsRequestEntry> entries,
      List<SequenceNumber> numbers,
      List<ShardModel> takers,
      long nowMillis) {
    int stored = 0;
    for (ShardModel shard : shards) {
      List<Kept> added = new ArrayList<>();
      for (int i = 0; i < entries.size(); i++) {
        if (numbers.get(i).shardId().equals(shard.shard.shardId())) {
          PutRecordsRequestEntry entry = entries.get(i);
          HashKey key = hashKey(entry);
          assertThat(takers).as("shards that take puts").contains(shard);
          assertThat(shard.range().contains(key)).as("%s owns %s", shard.shard, key).isTrue();
          ShardModel before = newest.put(key, shard);
          assertThat(before == null || shard.descendsFrom(before))
              .as("%s of key %s comes after all that was put before", numbers.get(i), key)
              .isTrue();
          added.add(new Kept(numbers.get(i), entry.partitionKey(), entry.data(), nowMillis));
        }
      }
      added.sort(Comparator.comparing(Kept::number));
      for (Kept record : added) {
        SequenceNumber before =
            shard.kept.isEmpty()
                ? shard.shard.sequenceNumberRange().startingSequenceNumber()
                : shard.kept.get(shard.kept.size() - 1).number();
        if (record.number().compareTo(before) <= 0) {
          throw new AssertionError("%s came after %s".formatted(record.number(), before));
        }
        shard.kept.add(record);
      }
      stored += added.size();
    }
    assertThat(stored).as("records in shards that exist").isEqualTo(entries.size());
  }

  void retentionChanged(int hours, long nowMillis) {
    int shorter = Math.min(hours, retentionHours);
    floor = Math.max(floor, nowMillis - Duration.ofHours(shorter).toMillis());
    retentionHours = hours;
  }

  /** Records that arrived then or earlier have expired now. */
  private long horizon(long nowMillis) {
    return Math.max(floor, nowMillis - Duration.ofHours(retentionHours).toMillis());
  }

  /** How many of a shard's records have expired by now. */
  private int expired(ShardModel shard, long nowMillis) {
    long horizon = horizon(nowMillis);
    int expired = 0;
    while (expired < shard.arrivals.size() && shard.arrivals.get(expired) <= horizon) {
      expired++;
    }
    shard.onceExpired = Math.max(shard.onceExpired, expired);
    return expired;
  }

  /** Time has passed. */
  void tick(long nowMillis) {
    latestMillis = Math.max(latestMillis, nowMillis);
    latestHorizon = Math.max(latestHorizon, horizon(nowMillis));
    shards.forEach(shard -> expired(shard, nowMillis));
  }

  /**
   * Holds what was read against what may be read.
   *
   * @param from position of the first record wanted, as an index
   * @param limit the most that may come
   * @return the position after what was read
   */
  int verifyRead(
      ShardModel shard, int from, int limit, List<Record> read, long behind, long nowMillis) {
    int earliest = Math.max(from, expired(shard, nowMillis));
    int latest = Math.max(from, shard.onceExpired);
    int all = shard.kept.size();
    if (read.isEmpty()) {
      assertThat(latest).as("records that must be there are missing").isGreaterThanOrEqualTo(all);
      assertThat(behind).isZero();
      return all;
    }
    int start = earliest;
    while (start < all && !shard.kept.get(start).number().equals(read.get(0).sequenceNumber())) {
      start++;
    }
    assertThat(start).as("place of the first record read").isBetween(earliest, latest);
    assertThat(read.size()).isLessThanOrEqualTo(Math.min(limit, all - start));
    long bytes = 0;
    for (int i = 0; i < read.size(); i++) {
      verifyRecord(shard, start + i, read.get(i));
      bytes += shard.kept.get(start + i).size();
    }
    int next = start + read.size();
    if (next < all) {
      boolean full = read.size() == limit || bytes + shard.kept.get(next).size() > 10 << 20;
      assertThat(full).as("a page ends early only when it is full").isTrue();
      if (next < shard.arrivals.size()) {
        assertThat(behind).isEqualTo(Math.max(0, nowMillis - shard.arrivals.get(next)));
      }
    } else {
      assertThat(behind).isZero();
    }
    return next;
  }

  private static void verifyRecord(ShardModel shard, int at, Record read) {
    Kept kept = shard.kept.get(at);
    if (!read.sequenceNumber().equals(kept.number())
        || !read.partitionKey().equals(kept.key())
        || !read.data().equals(kept.data())) {
      throw new AssertionError(
          "record %d of %s: %s, read as %s".formatted(at, shard.id(), kept, read));
    }
    long arrival = read.approximateArrivalTimestamp().toEpochMilli();
    if (at < shard.arrivals.size()) {
      if (arrival != shard.arrivals.get(at)) {
        throw new AssertionError(
            "the arrival time of %s has changed to %d".formatted(kept, arrival));
      }
    } else if (at == shard.arrivals.size()) {
      assertThat(arrival).isGreaterThanOrEqualTo(kept.putMillis());
      if (at > 0) {
        assertThat(arrival).isGreaterThanOrEqualTo(shard.arrivals.get(at - 1));
      }
      shard.arrivals.add(arrival);
    }
  }
}
