package io.millrace.engine.consumer;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.ShardId;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * How a consumer gets the records of a shard: by pull or by push. It is a strategy: whoever
 * consumes records need not know which one it was given. Safe for any thread.
 */
@FunctionalInterface
public interface Retrieval {

  /**
   * The records of one shard from a position on, in order, without gap or repeat. Nothing is read
   * that was not asked for, beyond one element.
   *
   * <p>Ends after the element of the shard's end, the only one with child shards. Fails with a
   * {@link io.millrace.engine.api.MillraceException}: when the stream, the shard or the consumer is
   * not there, when the position is not one of the shard, or when stored bytes are corrupt; what
   * passes by itself, such as a limit that was reached or a storage that is away for a moment, is
   * tried again inside.
   *
   * @param streamName the stream
   * @param shardId the shard
   * @param from where to begin
   */
  Source<ShardRecords, NotUsed> records(String streamName, ShardId shardId, StartingPosition from);
}
