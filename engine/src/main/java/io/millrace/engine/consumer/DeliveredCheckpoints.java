package io.millrace.engine.consumer;

import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.consumer.ShardRecordProcessor.Checkpointer;
import io.millrace.engine.consumer.ShardRecordProcessor.Prepared;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Holds the checkpoints of a processor between its last one and what it was delivered. */
final class DeliveredCheckpoints implements Checkpointer {

  private final LeasedShard shard;
  private CheckpointPosition last;
  private CheckpointPosition delivered;
  private boolean isAtShardEnd;

  DeliveredCheckpoints(LeasedShard shard) {
    this.shard = shard;
    this.last = shard.startingCheckpoint();
    this.delivered = last;
  }

  /** Everything up to here has been delivered. */
  synchronized void delivered(CheckpointPosition position) {
    delivered = position;
  }

  /** The whole shard has been delivered: its last position is its end from now on. */
  synchronized void reachedShardEnd() {
    isAtShardEnd = true;
  }

  /** Whether the shard's end is checkpointed. */
  synchronized boolean isShardFinished() {
    return last.isShardEnd();
  }

  @Override
  public synchronized void checkpoint() {
    store(delivered);
  }

  @Override
  public void checkpoint(UserRecord record) {
    store(ShardIntake.finishedBy(record));
  }

  @Override
  public void checkpoint(SequenceNumber number) {
    store(CheckpointPosition.after(number));
  }

  @Override
  public void checkpoint(SequenceNumber number, long subSequenceNumber) {
    store(CheckpointPosition.after(number, subSequenceNumber));
  }

  @Override
  public synchronized Prepared prepareCheckpoint(byte[] applicationState) {
    return prepare(delivered, applicationState);
  }

  @Override
  public Prepared prepareCheckpoint(
      SequenceNumber number, long subSequenceNumber, byte[] applicationState) {
    return prepare(CheckpointPosition.after(number, subSequenceNumber), applicationState);
  }

  private synchronized Prepared prepare(CheckpointPosition wanted, byte[] applicationState) {
    CheckpointPosition position = within(wanted);
    await(shard.prepareCheckpoint(position, Payload.of(applicationState)));
    return new Prepared() {
      @Override
      public CheckpointPosition position() {
        return position;
      }

      @Override
      public void checkpoint() {
        commit(position);
      }
    };
  }

  private synchronized void store(CheckpointPosition wanted) {
    CheckpointPosition position = within(wanted);
    if (!position.equals(last)) {
      commit(position);
    }
  }

  private synchronized void commit(CheckpointPosition position) {
    await(shard.checkpoint(position));
    last = position;
  }

  private CheckpointPosition within(CheckpointPosition wanted) {
    if (wanted.compareTo(last) < 0 || wanted.compareTo(delivered) > 0) {
      throw new IllegalArgumentException(
          "%s does not lie between the last checkpoint %s and what was delivered, %s."
              .formatted(wanted, last, delivered));
    }
    return isAtShardEnd && wanted.equals(delivered) ? CheckpointPosition.SHARD_END : wanted;
  }

  private static void await(CompletionStage<Void> stored) {
    try {
      stored.toCompletableFuture().join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }
}
