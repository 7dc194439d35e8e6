package io.millrace.engine.stream;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One shard as its stream's map knows it.
 *
 * @param shardId its id
 * @param range the hash keys it owns or, once closed, owned
 * @param createdSeconds creation time that its sequence numbers carry, epoch seconds
 * @param openedMillis when it really opened, epoch milliseconds
 * @param parents none at first, one after a split, two after a merge (first the parent, then the
 *     adjacent parent)
 * @param closedMillis when it closed, epoch milliseconds; empty while open
 */
public record ShardView(
    ShardId shardId,
    HashKeyRange range,
    long createdSeconds,
    long openedMillis,
    List<ShardId> parents,
    OptionalLong closedMillis) {

  /** Whether it takes puts. */
  public boolean isOpen() {
    return closedMillis.isEmpty();
  }

  /** The same shard, closed. */
  ShardView closed(long atMillis) {
    return new ShardView(
        shardId, range, createdSeconds, openedMillis, parents, OptionalLong.of(atMillis));
  }

  /** Below every record of the shard. */
  public SequenceNumber startingSequenceNumber() {
    return SequenceNumber.first(createdSeconds, shardId.index());
  }

  /** Above every record of the shard; empty while it is open. */
  public Optional<SequenceNumber> endingSequenceNumber() {
    return closedMillis.isEmpty()
        ? Optional.empty()
        : Optional.of(
            SequenceNumber.last(
                createdSeconds, shardId.index(), Math.floorDiv(closedMillis.getAsLong(), 1000L)));
  }
}
