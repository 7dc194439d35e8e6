package io.millrace.engine;

import io.millrace.engine.consumer.ShardStrategy;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;

/**
 * Applications that consume streams: their workers share the shards of a stream by leases, and go
 * on from their checkpoints. One per engine. Safe for any thread.
 */
public final class Consumers {

  private final EngineInside inside;

  private Consumers(EngineInside inside) {
    this.inside = inside;
  }

  /** The applications of this engine. */
  public static Consumers of(Millrace millrace) {
    return millrace.extension(Consumers.class, Consumers::new);
  }

  /**
   * Starts a worker. It stops when it is shut down, when it is turned away, and when the engine
   * closes.
   *
   * @param settings which worker of which application
   * @param strategy what it does with the shards it gets
   * @throws io.millrace.engine.api.EngineClosedException when the engine is closing
   */
  @SuppressWarnings("DoNotCallSuggester") // until the workers are there
  public Worker worker(WorkerSettings settings, ShardStrategy strategy) {
    throw new UnsupportedOperationException(
        "workers of %s on %s come next".formatted(settings.application(), inside.system().name()));
  }
}
