package io.millrace.engine.consumer;

/** What a worker does with the shards it gets. Called from several threads. */
@FunctionalInterface
public interface ShardStrategy {

  /** A task for one start of one shard. */
  ShardTask newTask();
}
