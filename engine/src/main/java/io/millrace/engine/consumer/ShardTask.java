package io.millrace.engine.consumer;

import java.util.concurrent.CompletionStage;

/**
 * The work on one leased shard, from its start to its end; used once. Its methods are called one
 * after the other on the thread of an actor and must not block.
 */
public interface ShardTask {

  /**
   * Begins. Called first, and once.
   *
   * @return completes when the shard's end is reached and checkpointed; while it does not, the work
   *     goes on. When it fails, the shard is started anew with a new task, after a pause that grows
   *     with each failure in a row, from the checkpoint that stands then; with {@link
   *     ShutdownException} the lease is given up instead.
   */
  CompletionStage<Void> start(LeasedShard shard);

  /**
   * The shard is to be given up in order: take no further record, finish what runs, checkpoint. The
   * lease is kept meanwhile, up to the hand-off timeout; then {@link #lost} comes.
   *
   * @return completes when nothing runs any more and what can be checkpointed is; a failure means
   *     the same
   */
  CompletionStage<Void> drain();

  /**
   * The lease is gone or the task is to be started anew: stop at once. Checkpoints of this task
   * fail from now on. The last call; it comes also after a failure, never after the shard's end or
   * a drain that completed.
   */
  void lost();
}
