package io.millrace.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.Shard;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One life of a stream as it must be: what was acknowledged, and how much of it has expired. Says
 * of anything that is read whether it may be so.
 */
final class StreamModel {

  /** A record that was acknowledged. */
  record Kept(SequenceNumber number, String key, Payload data, long putMillis) {
    long size() {
      return (long) data.size() + key.getBytes(UTF_8).length;
    }
  }

  /** One shard: every record that it ever had, in order. */
  static final class ShardModel {
    final Shard shard;
    final List<Kept> kept = new ArrayList<>();

    /** Arrival times, as they were first read; they never change. */
    final List<Long> arrivals = new ArrayList<>();

    /** As many as had expired at some time; they may have been trimmed. */
    private int onceExpired;

    ShardModel(Shard shard) {
      this.shard = shard;
    }

    String id() {
      return shard.shardId().toString();
    }
  }

  final String name;
  final List<ShardModel> shards = new ArrayList<>();
  int retentionHours = 24;
  private long floor = Long.MIN_VALUE;

  StreamModel(String name, List<Shard> shards) {
    this.name = name;
    shards.forEach(shard -> this.shards.add(new ShardModel(shard)));
    verifyRanges(shards);
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

  ShardModel owner(PutRecordsRequestEntry entry) {
    HashKey key =
        entry.explicitHashKey() == null
            ? HashKey.ofPartitionKey(entry.partitionKey())
            : HashKey.parse(entry.explicitHashKey());
    return shards.stream()
        .filter(candidate -> candidate.shard.hashKeyRange().contains(key))
        .findFirst()
        .orElseThrow();
  }

  /** These were acknowledged, none of them before another was put. */
  void stored(List<PutRecordsRequestEntry> entries, List<SequenceNumber> numbers, long nowMillis) {
    for (ShardModel shard : shards) {
      List<Kept> added = new ArrayList<>();
      for (int i = 0; i < entries.size(); i++) {
        PutRecordsRequestEntry entry = entries.get(i);
        if (owner(entry) == shard) {
          assertThat(numbers.get(i).shardId()).isEqualTo(shard.shard.shardId());
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
    }
  }

  void retentionChanged(int hours, long nowMillis) {
    int shorter = Math.min(hours, retentionHours);
    floor = Math.max(floor, nowMillis - Duration.ofHours(shorter).toMillis());
    retentionHours = hours;
  }

  /** How many of a shard's records have expired by now. */
  private int expired(ShardModel shard, long nowMillis) {
    long horizon = Math.max(floor, nowMillis - Duration.ofHours(retentionHours).toMillis());
    int expired = 0;
    while (expired < shard.arrivals.size() && shard.arrivals.get(expired) <= horizon) {
      expired++;
    }
    shard.onceExpired = Math.max(shard.onceExpired, expired);
    return expired;
  }

  /** Time has passed. */
  void tick(long nowMillis) {
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
