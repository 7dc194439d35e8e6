package io.millrace.processors.mapping;

import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.ShardTask;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applications whose worker has the first shard of its stream from the beginning, and whose
 * checkpoints are kept in memory, as long as this object lives. What leases and children need is
 * proved where real workers are.
 */
final class MemoryApplications implements Applications {

  /** Where an application is. */
  record Position(CheckpointPosition checkpoint, Optional<Payload> state) {}

  final Map<ApplicationName, Position> positions = new ConcurrentHashMap<>();
  final List<MemoryWorker> workers = new ArrayList<>();
  volatile Optional<RuntimeException> refusal = Optional.empty();

  @Override
  public CompletionStage<Worker> worker(WorkerSettings settings, ShardStrategy strategy) {
    MemoryWorker worker = new MemoryWorker(settings, strategy.newTask());
    synchronized (workers) {
      workers.add(worker);
    }
    worker.begin();
    return CompletableFuture.completedStage(worker);
  }

  @Override
  public CompletionStage<Void> forget(ApplicationName application) {
    positions.remove(application);
    return CompletableFuture.completedStage(null);
  }

  /** A worker with one shard. */
  final class MemoryWorker implements Worker, LeasedShard {

    private final WorkerSettings settings;
    private final ShardTask task;
    private final Position start;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    final CompletableFuture<Void> finished = new CompletableFuture<>();

    MemoryWorker(WorkerSettings settings, ShardTask task) {
      this.settings = settings;
      this.task = task;
      this.start =
          positions.computeIfAbsent(
              settings.application(),
              first -> new Position(settings.initialPosition(), Optional.empty()));
    }

    void begin() {
      if (refusal.isPresent()) {
        joined.completeExceptionally(refusal.get());
        stopped.complete(null);
        return;
      }
      joined.complete(null);
      var unused =
          task.start(this)
              .whenComplete(
                  (done, failure) -> {
                    if (failure == null) {
                      finished.complete(null);
                    } else {
                      finished.completeExceptionally(failure);
                    }
                  });
    }

    /** The stream is gone: the worker stops by itself. */
    void loses() {
      task.lost();
      stopped.completeExceptionally(new ResourceNotFoundException("The stream was deleted."));
    }

    @Override
    public WorkerSettings settings() {
      return settings;
    }

    @Override
    public CompletionStage<Void> joined() {
      return joined;
    }

    @Override
    public CompletionStage<Void> shutdown() {
      return task.drain()
          .whenComplete(
              (drained, failure) -> {
                stopped.complete(null);
              });
    }

    @Override
    public CompletionStage<Void> stopped() {
      return stopped;
    }

    @Override
    public String streamName() {
      return settings.stream().value();
    }

    @Override
    public ShardId shardId() {
      return new ShardId(0);
    }

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public CheckpointPosition startingCheckpoint() {
      return start.checkpoint();
    }

    @Override
    public Optional<Payload> startingState() {
      return start.state();
    }

    @Override
    public Optional<PreparedCheckpoint> pendingCheckpoint() {
      return Optional.empty();
    }

    @Override
    public CompletionStage<Void> checkpoint(CheckpointPosition position, Payload stateOrNull) {
      positions.compute(
          settings.application(),
          (application, before) -> {
            if (before != null && position.compareTo(before.checkpoint()) < 0) {
              throw new IllegalArgumentException(position + " lies before " + before);
            }
            return new Position(position, Optional.ofNullable(stateOrNull));
          });
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> prepareCheckpoint(CheckpointPosition position, Payload state) {
      throw new UnsupportedOperationException("mappings prepare nothing");
    }
  }
}
