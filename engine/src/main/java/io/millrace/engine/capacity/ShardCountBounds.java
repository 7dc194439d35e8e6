package io.millrace.engine.capacity;

/**
 * The targets that one UpdateShardCount may ask for: half the shards, rounded up, to twice as many,
 * and at most 10,000. A stream of more than 10,000 shards may only go below 10,000.
 *
 * @param smallest the smallest target
 * @param largest the largest target
 */
public record ShardCountBounds(int smallest, int largest) {

  /** The most shards that UpdateShardCount scales to. */
  public static final int MAX_TARGET = 10_000;

  /**
   * Bounds for a stream of so many open shards. More than 19,999 leave no target.
   *
   * @throws IllegalArgumentException when there are none
   */
  public static ShardCountBounds of(int openShards) {
    if (openShards < 1) {
      throw new IllegalArgumentException("no open shard: " + openShards);
    }
    return new ShardCountBounds(
        openShards - openShards / 2,
        openShards > MAX_TARGET ? MAX_TARGET - 1 : Math.min(MAX_TARGET, 2 * openShards));
  }

  /** Whether it may be asked for. */
  public boolean contains(int target) {
    return smallest <= target && target <= largest;
  }
}
