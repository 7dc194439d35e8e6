package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.Shard;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole stream as a careful reader sees it: every shard from its trim horizon to its end, parents
 * before children. While it reads, it holds the stream against the rules that resharding must keep.
 */
final class Lineage {

  private final Map<ShardId, Shard> shards = new LinkedHashMap<>();
  private final Map<ShardId, List<Record>> records = new LinkedHashMap<>();

  private Lineage() {}

  /**
   * Reads a stream that nobody puts into or reshards meanwhile, and whose records were put without
   * explicit hash keys.
   */
  static Lineage read(StreamClient client, String stream) {
    Lineage lineage = readAnyHashKeys(client, stream);
    lineage.everyRecordLiesWhereItsPartitionKeyBelongs();
    return lineage;
  }

  /** Reads a stream that nobody puts into or reshards meanwhile. */
  static Lineage readAnyHashKeys(StreamClient client, String stream) {
    Lineage lineage = new Lineage();
    for (Shard shard :
        StreamClientContract.get(client.listShards(ListShardsRequest.of(stream))).shards()) {
      lineage.shards.put(shard.shardId(), shard);
    }
    lineage.openRangesOwnEveryHashKeyOnce();
    lineage.shards.keySet().forEach(shard -> lineage.readToTheEnd(client, stream, shard));
    lineage.numbersGrowFromParentToChild();
    return lineage;
  }

  List<Shard> shards() {
    return List.copyOf(shards.values());
  }

  List<ShardId> open() {
    return shards.values().stream().filter(Lineage::isOpen).map(Shard::shardId).toList();
  }

  Shard shard(ShardId shardId) {
    return shards.get(shardId);
  }

  List<HashKeyRange> openRanges() {
    return shards.values().stream()
        .filter(Lineage::isOpen)
        .map(Shard::hashKeyRange)
        .sorted(Comparator.comparing(HashKeyRange::starting))
        .toList();
  }

  /** Every record, each shard's in order, parents before children. */
  List<Record> records() {
    List<Record> all = new ArrayList<>();
    // A parent's id is below its children's.
    records.values().forEach(all::addAll);
    return all;
  }

  private static boolean isOpen(Shard shard) {
    return shard.sequenceNumberRange().endingSequenceNumber() == null;
  }

  private void openRangesOwnEveryHashKeyOnce() {
    List<HashKeyRange> ranges = openRanges();
    assertThat(ranges.get(0).starting()).isEqualTo(HashKey.MIN);
    for (int i = 1; i < ranges.size(); i++) {
      assertThat(ranges.get(i - 1).isFollowedBy(ranges.get(i))).isTrue();
    }
    assertThat(ranges.get(ranges.size() - 1).ending()).isEqualTo(HashKey.MAX);
  }

  private void readToTheEnd(StreamClient client, String stream, ShardId shardId) {
    Shard shard = shards.get(shardId);
    List<Record> all = new ArrayList<>();
    String next =
        StreamClientContract.get(
                client.getShardIterator(
                    GetShardIteratorRequest.trimHorizon(stream, shardId.toString())))
            .shardIterator();
    while (next != null) {
      GetRecordsResponse page =
          StreamClientContract.get(client.getRecords(GetRecordsRequest.of(next)));
      all.addAll(page.records());
      assertThat(page.nextShardIterator() == null).isEqualTo(!page.childShards().isEmpty());
      if (page.nextShardIterator() == null) {
        assertThat(page.childShards()).isEqualTo(childrenOf(shardId));
      } else if (page.records().isEmpty()) {
        assertThat(isOpen(shard)).isTrue();
        break;
      }
      next = page.nextShardIterator();
    }
    assertThat(next != null).isEqualTo(isOpen(shard));
    for (Record record : all) {
      assertThat(record.sequenceNumber().shardId()).isEqualTo(shardId);
    }
    records.put(shardId, all);
  }

  private void everyRecordLiesWhereItsPartitionKeyBelongs() {
    for (Record record : records()) {
      HashKeyRange range = shards.get(record.sequenceNumber().shardId()).hashKeyRange();
      assertThat(range.contains(HashKey.ofPartitionKey(record.partitionKey()))).isTrue();
    }
  }

  private List<ChildShard> childrenOf(ShardId parent) {
    return shards.values().stream()
        .filter(shard -> parents(shard).contains(parent))
        .map(shard -> new ChildShard(shard.shardId(), parents(shard), shard.hashKeyRange()))
        .toList();
  }

  private static List<ShardId> parents(Shard shard) {
    List<ShardId> parents = new ArrayList<>();
    Optional.ofNullable(shard.parentShardId()).ifPresent(parents::add);
    Optional.ofNullable(shard.adjacentParentShardId()).ifPresent(parents::add);
    return parents;
  }

  private void numbersGrowFromParentToChild() {
    for (Shard shard : shards.values()) {
      SequenceNumber before = shard.sequenceNumberRange().startingSequenceNumber();
      for (Record record : records.get(shard.shardId())) {
        assertThat(record.sequenceNumber()).isGreaterThan(before);
        before = record.sequenceNumber();
      }
      SequenceNumber end = shard.sequenceNumberRange().endingSequenceNumber();
      if (end != null) {
        assertThat(end).isGreaterThan(before);
      }
      for (ShardId parent : parents(shard)) {
        if (shards.containsKey(parent)) {
          assertThat(shard.sequenceNumberRange().startingSequenceNumber())
              .isGreaterThan(shards.get(parent).sequenceNumberRange().endingSequenceNumber());
        }
      }
    }
  }
}
