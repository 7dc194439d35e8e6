package io.millrace.engine.consumer;

import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.consumer.LeasedShard.PreparedCheckpoint;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.util.List;
import java.util.Optional;

/**
 * Processes the records of one leased shard, in the life cycle of the Kinesis Client Library. Its
 * calls never overlap and come in the order of time; they may block. An instance serves one start
 * of one shard.
 *
 * <p>Delivery is at least once: what lies after the last checkpoint is delivered again after a
 * failure or a change of hands. Checkpoint after side effects, never before.
 */
public interface ShardRecordProcessor {

  /** The first call. When it throws, the shard is started anew after a pause. */
  void initialize(Initialization initialization) throws Exception;

  /**
   * A batch, in order. When it throws, {@link ProcessorSettings.OnFailure} says what comes of it.
   */
  void processRecords(Records records) throws Exception;

  /** The lease is gone. It can checkpoint no more. The last call. */
  void leaseLost() throws Exception;

  /**
   * The shard is closed and was delivered to its end. It must checkpoint, by {@link
   * Checkpointer#checkpoint()}; otherwise the call counts as failed, the child shards stay blocked,
   * and the shard is started anew after a pause. The last call.
   */
  void shardEnded(Checkpointer checkpointer) throws Exception;

  /**
   * The worker gives the shard up, and still has the lease: it should checkpoint. {@link
   * #leaseLost} follows.
   */
  void shutdownRequested(Checkpointer checkpointer) throws Exception;

  /**
   * Where a processor begins.
   *
   * @param shardId the shard
   * @param epoch which ownership it is; rises whenever the shard changes hands
   * @param checkpoint what is finished
   * @param pending a checkpoint that was prepared and not committed
   */
  record Initialization(
      ShardId shardId,
      long epoch,
      CheckpointPosition checkpoint,
      Optional<PreparedCheckpoint> pending) {}

  /**
   * What a processor is given at once.
   *
   * @param records the records, aggregated ones taken apart
   * @param checkpointer the way to checkpoint
   * @param millisBehindLatest age of the first record that is left, milliseconds
   * @param isAtShardEnd whether the shard is closed and these were its last records
   */
  record Records(
      List<UserRecord> records,
      Checkpointer checkpointer,
      long millisBehindLatest,
      boolean isAtShardEnd) {

    public Records {
      records = List.copyOf(records);
    }
  }

  /**
   * Stores checkpoints of a processor's shard, and returns when they are durable. For the threads
   * of the processor and others; blocks.
   *
   * <p>Each method fails with {@link ShutdownException} when the lease is gone, with {@link
   * IllegalArgumentException} unless the value lies between the last checkpoint and the last record
   * that was delivered, both inclusive, with {@link io.millrace.engine.api.MillraceException} when
   * it could not be stored: trying again is safe. A value equal to the last checkpoint changes
   * nothing.
   */
  interface Checkpointer {

    /** Everything that was delivered is finished; in {@link #shardEnded} the shard is. */
    void checkpoint();

    /** This record is finished, and all before it. */
    void checkpoint(UserRecord record);

    /** The record of this number is finished as a whole, and all before it. */
    void checkpoint(SequenceNumber number);

    /** The part of an aggregated record is finished, and all before it. */
    void checkpoint(SequenceNumber number, long subSequenceNumber);

    /** Announces {@link #checkpoint()}; whoever starts next is shown it until it is committed. */
    Prepared prepareCheckpoint(byte[] applicationState);

    /** Announces {@link #checkpoint(SequenceNumber, long)}. */
    Prepared prepareCheckpoint(
        SequenceNumber number, long subSequenceNumber, byte[] applicationState);
  }

  /** A checkpoint that was announced. */
  interface Prepared {

    /** What it is going to be. */
    CheckpointPosition position();

    /** Stores it. Fails like the methods of {@link Checkpointer}. */
    void checkpoint();
  }
}
