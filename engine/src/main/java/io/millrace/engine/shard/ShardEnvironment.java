package io.millrace.engine.shard;

import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.metrics.StreamMeter;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.tail.WindowBudget;

/**
 * What the shards of one engine share.
 *
 * @param storage where they persist
 * @param settings how they work
 * @param windows the memory their tails share
 * @param keys the data keys of encrypted streams
 * @param clock the time
 * @param metrics counts what they do
 */
public record ShardEnvironment(
    Storage storage,
    ShardSettings settings,
    WindowBudget windows,
    DataKeys keys,
    EngineClock clock,
    EngineMetrics metrics) {

  /** Shards that nobody counts. */
  public ShardEnvironment(
      Storage storage,
      ShardSettings settings,
      WindowBudget windows,
      DataKeys keys,
      EngineClock clock) {
    this(storage, settings, windows, keys, clock, EngineMetrics.unbound());
  }

  /** The meter of the stream that a shard is of. */
  StreamMeter meter(ShardAddress shard) {
    return metrics.stream(shard.stream(), shard.incarnation());
  }
}
