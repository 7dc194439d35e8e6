package io.millrace.engine.coordinator;

import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.StreamView;
import java.util.concurrent.CompletionStage;

/**
 * Where shards stand: the port through which a coordinator looks at them. Safe for any thread;
 * stages fail when a shard does not answer, and asking again may help.
 */
public interface ShardPositions {

  /** A number above those of all records that the shard has, and below those of all later ones. */
  CompletionStage<SequenceNumber> latest(StreamView stream, ShardId shardId);

  /** How far the shard has got, to be looked at again and again. */
  CompletionStage<Reach> reach(StreamView stream, ShardId shardId);

  /** What of the shard is not finished. */
  CompletionStage<Lag> lag(StreamView stream, ShardId shardId, CheckpointPosition finished);

  /** How far a shard has got. Safe for any thread; never blocks. */
  interface Reach {

    /**
     * A number above those of all records that the shard had at some time before, and below those
     * of all later ones. Never goes back; stays where it is once the shard has been opened anew.
     */
    SequenceNumber latest();
  }

  /**
   * What of a shard is not finished.
   *
   * @param records how many records, an aggregated one counted once
   * @param millis age of the first of them, milliseconds; 0 when there is none
   */
  record Lag(long records, long millis) {

    /** Nothing. */
    public static final Lag NONE = new Lag(0, 0);
  }
}
