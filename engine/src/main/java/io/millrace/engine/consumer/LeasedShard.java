package io.millrace.engine.consumer;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.metrics.LeaseMeter;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A shard while a worker has its lease: where to begin, and the way to checkpoint. Safe for any
 * thread; nothing here blocks.
 */
public interface LeasedShard {

  /** The largest state that can be stored with a checkpoint, bytes. */
  int MAX_STATE_BYTES = 1 << 20;

  /** The stream. */
  String streamName();

  /** The shard. */
  ShardId shardId();

  /**
   * Which ownership this is: it rises whenever the shard changes hands, and only the newest can
   * checkpoint. Good as a fencing token for other stores.
   */
  long epoch();

  /** The checkpoint to begin after; never LATEST and never SHARD_END. */
  CheckpointPosition startingCheckpoint();

  /** The state that was stored with a checkpoint, the newest one. */
  Optional<Payload> startingState();

  /** A checkpoint that was prepared and not committed, by an earlier owner or an earlier start. */
  Optional<PreparedCheckpoint> pendingCheckpoint();

  /**
   * A checkpoint that was prepared.
   *
   * @param position what it would finish
   * @param state what the application gave with it
   */
  record PreparedCheckpoint(CheckpointPosition position, Payload state) {}

  /**
   * Stores a checkpoint: everything up to it is finished. {@link CheckpointPosition#SHARD_END} ends
   * the lease and lets the child shards begin; the task may complete once it is stored. One that is
   * equal to the present checkpoint changes nothing. A pending checkpoint is forgotten.
   *
   * @param stateOrNull stored in the same step, at most {@link #MAX_STATE_BYTES}; null keeps the
   *     one there is
   * @return completes when it is durable, on a thread of the engine that completes others after it:
   *     what depends on it must not block. Fails with {@link ShutdownException} when the lease is
   *     gone, {@link IllegalArgumentException} when the position lies before the present checkpoint
   *     or beyond what the shard has, {@link io.millrace.engine.api.MillraceException} when it
   *     could not be stored now: trying again helps and is safe
   */
  CompletionStage<Void> checkpoint(CheckpointPosition position, Payload stateOrNull);

  /** Stores a checkpoint and keeps the state there is. */
  default CompletionStage<Void> checkpoint(CheckpointPosition position) {
    return checkpoint(position, null);
  }

  /**
   * Stores what a checkpoint is going to be, and leaves the checkpoint itself where it is; whoever
   * starts on the shard next is shown it. Fails like {@link #checkpoint}.
   *
   * @param state given back with it, at most {@link #MAX_STATE_BYTES}
   */
  CompletionStage<Void> prepareCheckpoint(CheckpointPosition position, Payload state);

  /**
   * What tasks tell of their work, for the metrics of the application; one that tells nothing has
   * only its checkpoints counted.
   */
  default LeaseMeter meter() {
    return LeaseMeter.NONE;
  }

  /**
   * Where reading begins: after the starting checkpoint, or at its record where that is finished in
   * part, so that the rest of it can be delivered.
   */
  default StartingPosition startingPosition() {
    return startingPosition(startingCheckpoint());
  }

  /** Where reading begins after this checkpoint. */
  static StartingPosition startingPosition(CheckpointPosition checkpoint) {
    return switch (checkpoint.kind()) {
      case AT_TIMESTAMP ->
          StartingPosition.atTimestamp(
              Instant.ofEpochMilli(checkpoint.epochMillis().orElseThrow()));
      case TRIM_HORIZON -> StartingPosition.trimHorizon();
      case LATEST -> StartingPosition.latest();
      case NUMBER -> {
        SequenceNumber number = checkpoint.sequenceNumber().orElseThrow();
        yield checkpoint.isInsideRecord()
            ? StartingPosition.atSequenceNumber(number)
            : StartingPosition.afterSequenceNumber(number);
      }
      case SHARD_END -> throw new IllegalArgumentException("nothing is left after a shard's end");
    };
  }
}
