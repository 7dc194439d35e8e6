package io.millrace.engine.consumer;

import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardAddress;
import java.util.List;

/**
 * A place in a shard, for readers in this process. Unlike a shard iterator it never expires.
 *
 * @param shard the shard, and the life of its stream
 * @param createdSeconds creation time that numbers of the shard carry, epoch seconds
 * @param counter position of the first record wanted
 */
public record ShardPlace(ShardAddress shard, long createdSeconds, long counter) {

  /** Another place in the same shard. */
  public ShardPlace at(long otherCounter) {
    return new ShardPlace(shard, createdSeconds, otherCounter);
  }

  /**
   * The number after which this place is, whether or not a record has it.
   *
   * @param before the records that were read just before this place; may be empty
   */
  public SequenceNumber continuation(List<Record> before) {
    long last = Math.max(0, counter - 1);
    if (!before.isEmpty()) {
      SequenceNumber newest = before.get(before.size() - 1).sequenceNumber();
      if (newest.counter() == last) {
        return newest;
      }
    }
    return new SequenceNumber(createdSeconds, last, createdSeconds, shard.shardId().index());
  }
}
