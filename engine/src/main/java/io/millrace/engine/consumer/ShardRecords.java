package io.millrace.engine.consumer;

import io.millrace.engine.api.ChildShard;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.List;
import java.util.Optional;

/**
 * Some records of a shard on their way to a consumer, in order. The records are shared with other
 * readers, never copied.
 *
 * @param shardId the shard
 * @param records the records; may be empty
 * @param continuation everything up to this number has been delivered: reading goes on {@code
 *     AFTER_SEQUENCE_NUMBER} of it, whether or not a record has it; empty at the shard's end, and
 *     in what was retrieved before anything could be read
 * @param millisBehindLatest age of the first record that is left, milliseconds; 0 when none is
 * @param childShards at the shard's end the shards that go on from it, at least one; empty before
 */
public record ShardRecords(
    ShardId shardId,
    List<Record> records,
    Optional<SequenceNumber> continuation,
    long millisBehindLatest,
    List<ChildShard> childShards) {

  public ShardRecords {
    records = List.copyOf(records);
    childShards = List.copyOf(childShards);
  }

  /** Whether the shard is closed and these were its last records. */
  public boolean isAtShardEnd() {
    return !childShards.isEmpty();
  }
}
