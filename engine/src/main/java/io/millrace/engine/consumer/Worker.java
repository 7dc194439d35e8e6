package io.millrace.engine.consumer;

import java.util.concurrent.CompletionStage;

/** A worker that runs. Safe for any thread. */
public interface Worker {

  /** What it is. */
  WorkerSettings settings();

  /**
   * Completes when the worker is one of its application's workers. Fails when it is turned away,
   * and then it has stopped: {@link io.millrace.engine.api.ResourceNotFoundException} when there is
   * no such stream, {@link io.millrace.engine.api.ResourceInUseException} when another worker has
   * its id or the application consumes another stream or an earlier one of this name, {@link
   * io.millrace.engine.api.InvalidArgumentException} when the initial position lies in the future.
   */
  CompletionStage<Void> joined();

  /**
   * Gives up every shard in order, each as {@link ShardTask#drain} says, and stops. What is not
   * drained within the hand-off timeout is given up nevertheless. Repeating it is harmless.
   *
   * @return completes when the worker has stopped
   */
  CompletionStage<Void> shutdown();

  /**
   * Completes when the worker has stopped, for whatever reason; fails when it was turned away after
   * it had joined, because its stream was deleted.
   */
  CompletionStage<Void> stopped();
}
