package io.millrace.engine.api;

import io.millrace.engine.model.Record;
import java.util.List;

/**
 * What a subscription of {@link SubscribeToShardRequest} pushes, one after the other.
 *
 * @param records the records in order, at most 1 MiB and 1000 of them or one larger record; none
 *     when nothing came for some seconds
 * @param continuationSequenceNumber where the next subscription goes on, {@code
 *     AFTER_SEQUENCE_NUMBER} of it, whether or not a record has it; null at the shard's end, and
 *     only there
 * @param millisBehindLatest age of the first record not yet pushed, in milliseconds; 0 when there
 *     is none
 * @param childShards at the shard's end the shards to read next, otherwise empty
 */
public record SubscribeToShardEvent(
    List<Record> records,
    String continuationSequenceNumber,
    long millisBehindLatest,
    List<ChildShard> childShards) {

  public SubscribeToShardEvent {
    records = List.copyOf(records);
    childShards = List.copyOf(childShards);
  }

  /** Whether the shard is closed and nothing is left to read. */
  public boolean isAtShardEnd() {
    return continuationSequenceNumber == null;
  }
}
