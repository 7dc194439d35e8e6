package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.Shard;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The shards of a stream against the rules that every reshard keeps: the open ones own every hash
 * key once, every number of a child is above every number of its parents, and whoever reads parents
 * before children has the records of one key in the order in which they were put.
 */
final class LineageCheck {

  private static final Comparator<WrittenId> PUT_ORDER =
      Comparator.comparingInt(WrittenId::round).thenComparingInt(WrittenId::request);

  private final Map<ShardId, Shard> shards = new HashMap<>();
  private final Map<String, WrittenId> lastOfKey = new HashMap<>();

  /**
   * A check of these.
   *
   * @param shards every shard of the stream
   */
  LineageCheck(List<Shard> shards) {
    shards.forEach(shard -> this.shards.put(shard.shardId(), shard));
    assertThat(this.shards).as("shards of different ids").hasSameSizeAs(shards);
    openShardsOwnEveryHashKeyOnce(shards);
    shards.forEach(this::childComesAfterItsParents);
  }

  private static void openShardsOwnEveryHashKeyOnce(List<Shard> shards) {
    List<HashKeyRange> ranges =
        shards.stream()
            .filter(Shard::isOpen)
            .map(Shard::hashKeyRange)
            .sorted(Comparator.comparing(HashKeyRange::starting))
            .toList();
    assertThat(ranges.get(0).starting()).isEqualTo(HashKey.MIN);
    for (int i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i - 1).isFollowedBy(ranges.get(i)))
          .as("%s is followed by %s", ranges.get(i - 1), ranges.get(i))
          .isTrue();
    }
    assertThat(ranges.get(ranges.size() - 1).ending()).isEqualTo(HashKey.MAX);
  }

  private void childComesAfterItsParents(Shard child) {
    Stream.of(child.parentShardId(), child.adjacentParentShardId())
        .flatMap(parent -> Optional.ofNullable(shards.get(parent)).stream())
        .forEach(
            parent -> {
              assertThat(parent.isOpen()).as("%s, parent of %s, is open", parent, child).isFalse();
              assertThat(child.shardId().index()).isGreaterThan(parent.shardId().index());
              assertThat(child.sequenceNumberRange().startingSequenceNumber())
                  .as("first number of %s, child of %s", child, parent)
                  .isGreaterThan(parent.sequenceNumberRange().endingSequenceNumber());
            });
  }

  /** The next record of a reader who reads the shards by their ids, and so parents first. */
  void onRecord(Record record, WrittenId id) {
    SequenceNumber number = record.sequenceNumber();
    Shard shard = shards.get(number.shardId());
    assertThat(number).isGreaterThan(shard.sequenceNumberRange().startingSequenceNumber());
    if (!shard.isOpen()) {
      assertThat(number).isLessThan(shard.sequenceNumberRange().endingSequenceNumber());
    }
    WrittenId before = lastOfKey.put(record.partitionKey(), id);
    if (before != null) {
      assertThat(PUT_ORDER.compare(before, id))
          .as("%s of key %s, read after %s", id, record.partitionKey(), before)
          .isNotPositive();
    }
  }
}
