package io.millrace.engine.shard;

import io.millrace.engine.capacity.HeavyHitters;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.shard.ShardMessage.Accepted;

/** Counts what a gate accepts, until it is asked. Owned by the gate. */
final class AcceptedTraffic {

  private final ShardId shardId;
  private final HeavyHitters hitters;
  private long bytes;
  private long records;

  AcceptedTraffic(ShardId shardId) {
    this.shardId = shardId;
    this.hitters = new HeavyHitters(shardId.index());
  }

  void add(PutEntry entry) {
    int size = entry.size();
    bytes += size;
    records++;
    hitters.add(entry.hashKey(), size);
  }

  /** What was counted since the last time. */
  Accepted take() {
    Accepted accepted = new Accepted(shardId, bytes, records, hitters.heaviest());
    bytes = 0;
    records = 0;
    hitters.clear();
    return accepted;
  }
}
