package io.millrace.engine.shard;

/**
 * Reaches shards wherever they live: children of a local guardian, or entities of a cluster. A
 * message to a shard that is not running starts it. Safe for any thread; never blocks.
 */
public interface ShardRegion {

  /** Hands the message to the gate of the shard. Messages of one thread to one shard keep order. */
  void tell(ShardAddress shard, ShardMessage message);
}
