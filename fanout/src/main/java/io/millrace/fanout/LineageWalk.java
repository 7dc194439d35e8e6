package io.millrace.fanout;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardView;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The way through the shards of a stream that is resharded meanwhile: every shard is read once, and
 * none before all its parents have been read to their end. Immutable.
 *
 * @param reading shards that are being read
 * @param passed shards that have been read to their end, or lie before the start; of those that the
 *     stream still has
 */
record LineageWalk(Set<ShardId> reading, Set<ShardId> passed) {

  LineageWalk {
    reading = Set.copyOf(reading);
    passed = Set.copyOf(passed);
  }

  /**
   * The walk's start: from TRIM_HORIZON nothing is left out, from LATEST all shards that are closed
   * by now, from AT_TIMESTAMP those that closed before that time.
   */
  static LineageWalk from(StartingPosition from, List<ShardView> shards) {
    Predicate<ShardView> isBefore =
        switch (from.type()) {
          case LATEST -> shard -> !shard.isOpen();
          case AT_TIMESTAMP -> {
            long epochMillis = from.timestamp().toEpochMilli();
            yield shard -> !shard.isOpen() && shard.closedMillis().getAsLong() < epochMillis;
          }
          default -> shard -> false;
        };
    Set<ShardId> before = new HashSet<>();
    shards.stream().filter(isBefore).forEach(shard -> before.add(shard.shardId()));
    return new LineageWalk(Set.of(), before);
  }

  /**
   * The shards to begin with now, by id: those whose parents have all been passed, or have expired.
   *
   * @param shards the stream's shards
   */
  List<ShardId> next(List<ShardView> shards) {
    Set<ShardId> waitedFor = new HashSet<>(reading);
    shards.stream()
        .map(ShardView::shardId)
        .filter(shardId -> !passed.contains(shardId))
        .forEach(waitedFor::add);
    return shards.stream()
        .filter(shard -> !passed.contains(shard.shardId()) && !reading.contains(shard.shardId()))
        .filter(shard -> shard.parents().stream().noneMatch(waitedFor::contains))
        .map(ShardView::shardId)
        .toList();
  }

  /** Reading these has begun. */
  LineageWalk begun(Collection<ShardId> shardIds) {
    Set<ShardId> now = new HashSet<>(reading);
    now.addAll(shardIds);
    return new LineageWalk(now, passed);
  }

  /**
   * One that was being read has been read to its end.
   *
   * @param shards the stream's shards; what is known of others is forgotten
   */
  LineageWalk finished(ShardId shardId, List<ShardView> shards) {
    Set<ShardId> still = new HashSet<>(reading);
    still.remove(shardId);
    Set<ShardId> behind = new HashSet<>();
    for (ShardView shard : shards) {
      if (passed.contains(shard.shardId()) || shard.shardId().equals(shardId)) {
        behind.add(shard.shardId());
      }
    }
    return new LineageWalk(still, behind);
  }
}
