package io.millrace.fanout;

import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.CheckpointPosition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How far a leased shard has been delivered to a subscriber, and how far that is checkpointed, from
 * one start of the shard to its end. Safe for any thread.
 */
final class ShardCheckpoints {

  private final LeasedShard shard;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private CheckpointPosition delivered;
  private CheckpointPosition wanted;
  private CheckpointPosition stored;
  private CompletableFuture<Void> storing = CompletableFuture.completedFuture(null);
  private boolean isClosed;

  ShardCheckpoints(LeasedShard shard) {
    this.shard = shard;
    this.delivered = shard.startingCheckpoint();
    this.wanted = delivered;
    this.stored = delivered;
  }

  /**
   * Everything up to this position is about to be delivered.
   *
   * @return whether it may be: not when the shard is being given up
   */
  synchronized boolean deliver(CheckpointPosition position) {
    if (!isClosed) {
      delivered = position;
    }
    return !isClosed;
  }

  /** An element was delivered. */
  void count(ShardRecords element) {
    long bytes = element.records().stream().mapToLong(record -> record.data().size()).sum();
    shard.meter().delivered(element.records().size(), bytes);
    shard.meter().left(element.millisBehindLatest());
  }

  /**
   * Stores that everything up to this position is finished. What was wanted once stays wanted: an
   * earlier position is covered by a later one, and trying again stores the latest.
   */
  synchronized CompletionStage<Void> checkpoint(CheckpointPosition position) {
    boolean isFurther = position.compareTo(wanted) > 0;
    if (isFurther || storing.isCompletedExceptionally()) {
      wanted = isFurther ? position : wanted;
      CheckpointPosition asked = wanted;
      storing = shard.checkpoint(asked).thenRun(() -> stored(asked)).toCompletableFuture();
    }
    return storing.minimalCompletionStage();
  }

  private synchronized void stored(CheckpointPosition position) {
    stored = position.compareTo(stored) > 0 ? position : stored;
    if (stored.isShardEnd()) {
      finished.complete(null);
    }
    completeWhenDone();
  }

  /** Completes when the shard's end is checkpointed; fails when it has to be started anew. */
  CompletionStage<Void> finished() {
    return finished;
  }

  /** Completes when nobody waits for a checkpoint of this start any more. */
  CompletionStage<Void> over() {
    return over;
  }

  /** The shard cannot be read: it has to be started anew. */
  void fail(Throwable why) {
    finished.completeExceptionally(why);
  }

  /** Nothing is delivered any more; over as soon as what was delivered is checkpointed. */
  synchronized CompletionStage<Void> drain() {
    isClosed = true;
    completeWhenDone();
    return over;
  }

  /** Nothing is delivered any more; over as soon as the checkpoints under way are answered. */
  synchronized void abandon() {
    isClosed = true;
    CompletionStage<Void> underWay = storing;
    underWay.whenComplete((done, failure) -> over.complete(null));
  }

  private void completeWhenDone() {
    if ((isClosed || stored.isShardEnd()) && stored.compareTo(delivered) >= 0) {
      over.complete(null);
    }
  }
}
