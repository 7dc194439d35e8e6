package io.millrace.processors.mapping;

import io.millrace.engine.Consumers;
import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The applications of the engine.
 *
 * @param consumers starts workers, and blocks a moment for it
 * @param blocking where that may happen
 */
record ConsumerApplications(Consumers consumers, Executor blocking) implements Applications {

  @Override
  public CompletionStage<Worker> worker(WorkerSettings settings, ShardStrategy strategy) {
    return CompletableFuture.supplyAsync(() -> consumers.worker(settings, strategy), blocking);
  }

  @Override
  public CompletionStage<Void> forget(ApplicationName application) {
    return consumers.delete(application);
  }
}
