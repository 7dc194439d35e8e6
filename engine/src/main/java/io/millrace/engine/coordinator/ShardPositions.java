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

  /** What of the shard is not finished. */
  CompletionStage<Lag> lag(StreamView stream, ShardId shardId, CheckpointPosition finished);

  /**
   * What of a shard is not finished.
   *
   * @param records how many records, counted up to {@link #MAX_COUNTED}
   * @param millis age of the first of them, milliseconds; 0 when there is none
   */
  record Lag(long records, long millis) {

    /** So many records are counted at most: that many are there, or more. */
    public static final int MAX_COUNTED = 10_000;

    /** Nothing. */
    public static final Lag NONE = new Lag(0, 0);
  }
}
