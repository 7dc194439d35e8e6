package io.millrace.engine.reshard;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The procedure of UpdateShardCount: splits every open shard at each start of a target range inside
 * it, then merges the pieces of each target range from left to right.
 *
 * <p>Open shards and target ranges are walked together in the order of their hash keys. Wherever
 * both begin at the same one, a step may end: nothing on its left has to do with anything on its
 * right. A shard that is a target range already lies alone between two such points and stays.
 */
final class UniformScaling {

  private final Iterator<OpenShard> open;
  private final Iterator<HashKeyRange> targets;
  private int nextIndex;

  /**
   * @param open every open shard of the stream, in the order of their ranges
   * @param targets the ranges to end with
   * @param nextIndex index of the first shard made
   */
  UniformScaling(List<OpenShard> open, List<HashKeyRange> targets, int nextIndex) {
    this.open = open.iterator();
    this.targets = targets.iterator();
    this.nextIndex = nextIndex;
  }

  List<ReshardStep> steps() {
    List<ReshardStep> steps = new ArrayList<>();
    while (open.hasNext()) {
      List<OpenShard> shards = new ArrayList<>(List.of(open.next()));
      List<HashKeyRange> ranges = new ArrayList<>(List.of(targets.next()));
      HashKey shardsEnd = last(shards).range().ending();
      HashKey rangesEnd = last(ranges).ending();
      while (!shardsEnd.equals(rangesEnd)) {
        if (shardsEnd.compareTo(rangesEnd) < 0) {
          shards.add(open.next());
          shardsEnd = last(shards).range().ending();
        } else {
          ranges.add(targets.next());
          rangesEnd = last(ranges).ending();
        }
      }
      if (shards.size() > 1 || ranges.size() > 1) {
        steps.add(step(shards, ranges));
      }
    }
    return steps;
  }

  private ReshardStep step(List<OpenShard> shards, List<HashKeyRange> ranges) {
    StepBuilder step = new StepBuilder(shards, nextIndex);
    NavigableSet<HashKey> starts = new TreeSet<>();
    ranges.forEach(range -> starts.add(range.starting()));
    Map<HashKey, List<OpenShard>> piecesByTarget = new TreeMap<>();
    for (OpenShard shard : mergedWhereSplitsAreNotAllowed(step, shards, starts)) {
      for (OpenShard piece : split(step, shard, starts)) {
        piecesByTarget
            .computeIfAbsent(starts.floor(piece.range().starting()), start -> new ArrayList<>())
            .add(piece);
      }
    }
    piecesByTarget.values().forEach(step::mergeAll);
    nextIndex = step.nextIndex();
    return step.build();
  }

  /**
   * A target range that starts one above the start of a shard, or at its end, cannot be split off
   * there. Then that shard and its neighbour are made one before anything is split. It happens when
   * an odd width is halved, and beside splits that were chosen by hand.
   */
  private static Iterable<OpenShard> mergedWhereSplitsAreNotAllowed(
      StepBuilder step, List<OpenShard> shards, NavigableSet<HashKey> starts) {
    Deque<OpenShard> wide = new ArrayDeque<>();
    for (OpenShard shard : shards) {
      OpenShard merged = shard;
      if (!wide.isEmpty()
          && (cannotSplitAtItsEnd(wide.getLast(), starts)
              || cannotSplitAfterItsStart(merged, starts))) {
        merged = step.merge(wide.removeLast(), merged);
      }
      wide.addLast(merged);
    }
    return wide;
  }

  private static boolean cannotSplitAtItsEnd(OpenShard shard, NavigableSet<HashKey> starts) {
    HashKeyRange range = shard.range();
    return starts.contains(range.ending()) && !range.starting().equals(range.ending());
  }

  private static boolean cannotSplitAfterItsStart(OpenShard shard, NavigableSet<HashKey> starts) {
    HashKeyRange range = shard.range();
    return !range.starting().equals(range.ending()) && starts.contains(range.starting().next());
  }

  /** Splits at every start inside the shard, ascending. */
  private static List<OpenShard> split(
      StepBuilder step, OpenShard shard, NavigableSet<HashKey> starts) {
    HashKeyRange range = shard.range();
    List<OpenShard> pieces = new ArrayList<>();
    OpenShard rest = shard;
    for (HashKey start : starts.subSet(range.starting(), false, range.ending(), true)) {
      StepBuilder.Halves halves = step.split(rest, start);
      pieces.add(halves.left());
      rest = halves.right();
    }
    pieces.add(rest);
    return pieces;
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }
}
