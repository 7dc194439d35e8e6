package io.millrace.processors.mapping;

import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import java.util.concurrent.CompletionStage;

/** The consuming applications that mappings are. */
interface Applications {

  /** Starts a worker. */
  CompletionStage<Worker> worker(WorkerSettings settings, ShardStrategy strategy);

  /**
   * Forgets an application with its checkpoints; it has no worker.
   *
   * @return completes when that is durable, also when there was none
   */
  CompletionStage<Void> forget(ApplicationName application);
}
