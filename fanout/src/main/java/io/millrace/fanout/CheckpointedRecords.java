package io.millrace.fanout;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.consumer.ShutdownException;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Record;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Some records of a shard that an application consumes, and the way to store that they are
 * finished. Safe for any thread.
 */
public final class CheckpointedRecords {

  private final ShardRecords records;
  private final ShardCheckpoints checkpoints;

  CheckpointedRecords(ShardRecords records, ShardCheckpoints checkpoints) {
    this.records = requireNonNull(records, "records");
    this.checkpoints = requireNonNull(checkpoints, "checkpoints");
  }

  /** The records: at least one, or none at the end of the shard. They come as they were put. */
  public ShardRecords records() {
    return records;
  }

  /**
   * Stores that this element is finished, and with it all earlier ones of its shard; other shards
   * are not touched. For the element of a shard's end that is {@link CheckpointPosition#SHARD_END}:
   * it ends the lease and lets the child shards begin.
   *
   * <p>Checkpoints of a shard never go back: an element that a later one covers completes with the
   * later one. Repeating a call is harmless. It never blocks.
   *
   * @return completes when it is durable in the application's coordinator; fails with {@link
   *     ShutdownException} when the lease is gone: the records come again, to whoever has it; with
   *     {@link io.millrace.engine.api.MillraceException} when it could not be stored now: trying
   *     again helps and is safe
   */
  public CompletionStage<Void> checkpoint() {
    return checkpoints.checkpoint(finished());
  }

  /** The checkpoint when this element is finished. */
  CheckpointPosition finished() {
    if (records.isAtShardEnd()) {
      return CheckpointPosition.SHARD_END;
    }
    List<Record> all = records.records();
    return CheckpointPosition.after(all.get(all.size() - 1).sequenceNumber());
  }

  /** Marks it delivered; it may not be when its shard is being given up. */
  boolean deliver() {
    boolean mayBe = checkpoints.deliver(finished());
    if (mayBe) {
      checkpoints.count(records);
    }
    return mayBe;
  }

  @Override
  public String toString() {
    return records.toString();
  }
}
