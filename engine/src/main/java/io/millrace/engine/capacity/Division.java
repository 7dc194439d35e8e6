package io.millrace.engine.capacity;

import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Into how many pieces each shard of a stream is to be divided, found one split at a time. */
final class Division {

  // Uniform ranges differ by a remainder, which is no reason to split.
  private static final double ROUNDING = 1.001;

  /** A shard on its way to so many pieces. */
  private record Cut(OpenShard shard, double shareOfSpace, ShardMinute minute, int pieces) {

    Cut further() {
      return new Cut(shard, shareOfSpace, minute, pieces + 1);
    }

    /** The part of the hash space that its widest piece owns. */
    double widest() {
      return shareOfSpace / Integer.highestOneBit(pieces);
    }

    double divisibleTraffic() {
      return minute.withoutHeaviest().shards() / pieces;
    }
  }

  private final int maxShards;
  private final Map<ShardId, Cut> cuts = new HashMap<>();
  private int count;

  Division(List<OpenShard> open, ObservedTraffic observed, int maxShards) {
    this.maxShards = maxShards;
    this.count = open.size();
    for (OpenShard shard : open) {
      Optional<ShardMinute> minute = observed.of(shard.shardId()).map(ShardLoad::last);
      cuts.put(
          shard.shardId(),
          new Cut(
              shard, shard.range().shareOfSpace(), minute.orElse(ShardMinute.of(Traffic.NONE)), 1));
    }
  }

  /** Whether traffic that fills so many shards, spread evenly, is too much for one this wide. */
  static boolean isTooWide(double shareOfSpace, double shards) {
    return shareOfSpace * shards > ROUNDING;
  }

  /** Until traffic that fills so many shards, spread evenly over the hash space, is taken. */
  void untilEvenlySpreadTakes(int shards) {
    cut(Cut::widest, cut -> isTooWide(cut.widest(), shards));
  }

  /** Until there are so many shards; those with the most traffic that can be divided first. */
  void untilThereAre(int shards) {
    cut(Cut::divisibleTraffic, cut -> count < shards);
  }

  /** Every hot shard that is not divided yet, in two. */
  void hotOnes() {
    cut(Cut::divisibleTraffic, cut -> cut.pieces() == 1 && isDivisiblyHot(cut.minute()));
  }

  /** Whether {@link #hotOnes} would divide a shard with such a minute. */
  static boolean isDivisiblyHot(ShardMinute minute) {
    return minute.traffic().isHot() && !minute.isHotByOneKey();
  }

  Map<ShardId, Integer> pieces() {
    Map<ShardId, Integer> pieces = new HashMap<>();
    cuts.forEach((shardId, cut) -> pieces.put(shardId, cut.pieces()));
    return pieces;
  }

  /** How many shards there are with all that was divided. */
  int count() {
    return count;
  }

  private void cut(ToDoubleFunction<Cut> urgency, Predicate<Cut> isWanted) {
    PriorityQueue<Cut> mostUrgentFirst =
        new PriorityQueue<>(
            Comparator.comparingDouble(urgency)
                .thenComparingDouble(Cut::widest)
                .reversed()
                .thenComparing(cut -> cut.shard().range().starting()));
    cuts.values().stream().filter(isWanted).forEach(mostUrgentFirst::add);
    while (count < maxShards && !mostUrgentFirst.isEmpty()) {
      Cut cut = mostUrgentFirst.remove();
      if (isWanted.test(cut) && canBeCut(cut)) {
        Cut further = cut.further();
        cuts.put(cut.shard().shardId(), further);
        mostUrgentFirst.add(further);
        count++;
      }
    }
  }

  /** Whether its pieces are still so wide that one more split is allowed. */
  private static boolean canBeCut(Cut cut) {
    int piecesBits = Integer.SIZE - Integer.numberOfLeadingZeros(cut.pieces());
    return cut.shard().range().width().bitLength() > piecesBits + 3;
  }
}
