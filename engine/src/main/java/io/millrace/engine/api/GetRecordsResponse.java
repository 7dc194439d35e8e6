package io.millrace.engine.api;

import io.millrace.engine.model.Record;
import java.util.List;

/**
 * The answer to {@link GetRecordsRequest}.
 *
 * @param records the records in order, perhaps none
 * @param nextShardIterator where the next read goes on; null at shard end, and only there
 * @param millisBehindLatest age of the first record not yet read, in milliseconds; 0 when there is
 *     none
 * @param childShards at shard end the shards to read next, otherwise empty
 */
public record GetRecordsResponse(
    List<Record> records,
    String nextShardIterator,
    long millisBehindLatest,
    List<ChildShard> childShards) {

  public GetRecordsResponse {
    records = List.copyOf(records);
    childShards = List.copyOf(childShards);
  }

  /** Whether the shard is closed and nothing is left to read. */
  public boolean isAtShardEnd() {
    return nextShardIterator == null;
  }
}
