package io.millrace.engine.router;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The open shards of a stream by their ranges: finds the one that owns a hash key by binary search
 * over the ends of the ranges. Safe for any thread.
 */
final class RoutingTable {

  private final List<ShardView> byRange;
  private final HashKey[] ends;
  private final AtomicInteger turns = new AtomicInteger();

  RoutingTable(StreamView stream) {
    this.byRange =
        stream.shards().stream()
            .filter(ShardView::isOpen)
            .sorted(Comparator.comparing(shard -> shard.range().ending()))
            .toList();
    this.ends = byRange.stream().map(shard -> shard.range().ending()).toArray(HashKey[]::new);
  }

  /** How many shards are open. */
  int size() {
    return ends.length;
  }

  /** The shard at an index that {@link #indexOf} gave. */
  ShardView shard(int index) {
    return byRange.get(index);
  }

  /** Index of the shard whose turn it is; one after the other, for ever. */
  int takeTurn() {
    return Math.floorMod(turns.getAndIncrement(), ends.length);
  }

  /** Index of the shard that owns this hash key: the first whose range does not end below it. */
  int indexOf(HashKey key) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle].compareTo(key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
