package io.millrace.engine.capacity;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A hot shard, and what would help.
 *
 * @param shardId which
 * @param lastMinute what it accepted
 * @param share its part of the stream's traffic, up to 1
 * @param remedy what would help
 * @param splitAt the NewStartingHashKey of the SplitShard that would; empty when none would
 */
public record HotShardReport(
    ShardId shardId,
    ShardMinute lastMinute,
    double share,
    Remedy remedy,
    Optional<HashKey> splitAt) {

  /** What helps a hot shard. */
  public enum Remedy {
    /** Its traffic is spread over its range: SplitShard in the middle. */
    SPLIT_AT_MIDPOINT,
    /** One hash key has half of its traffic or more: SplitShard beside it keeps it from others. */
    SPLIT_ISOLATING,
    /** One hash key alone: only other partition keys help, such as a suffix to spread it. */
    OTHER_KEYS,
    /** No shard stands out: the stream needs more of them, as by UpdateShardCount. */
    MORE_SHARDS
  }

  // A shard stands out when it has this much more than its equal part.
  private static final double STANDS_OUT = 1.5;

  /** The hot shards of a stream, the hottest first. */
  public static List<HotShardReport> of(ObservedTraffic observed, List<OpenShard> open) {
    double total = observed.last().shards();
    List<HotShardReport> reports = new ArrayList<>();
    for (OpenShard shard : open) {
      observed
          .of(shard.shardId())
          .map(ShardLoad::last)
          .filter(minute -> minute.traffic().isHot())
          .map(
              minute ->
                  report(
                      shard, minute, Math.min(1, minute.traffic().shards() / total), open.size()))
          .ifPresent(reports::add);
    }
    reports.sort(Comparator.comparingDouble(HotShardReport::share).reversed());
    return List.copyOf(reports);
  }

  private static HotShardReport report(
      OpenShard shard, ShardMinute minute, double share, int openShards) {
    HashKeyRange range = shard.range();
    if (minute.isHotByOneKey()) {
      return new HotShardReport(
          shard.shardId(), minute, share, Remedy.OTHER_KEYS, Optional.empty());
    }
    Optional<HashKey> beside =
        minute.heaviest().filter(key -> key.share() >= 0.5).flatMap(key -> beside(range, key));
    if (beside.isPresent()) {
      return new HotShardReport(shard.shardId(), minute, share, Remedy.SPLIT_ISOLATING, beside);
    }
    if (share * openShards < STANDS_OUT) {
      return new HotShardReport(
          shard.shardId(), minute, share, Remedy.MORE_SHARDS, Optional.empty());
    }
    return new HotShardReport(
        shard.shardId(),
        minute,
        share,
        Remedy.SPLIT_AT_MIDPOINT,
        Optional.of(range.midpoint()).filter(range::allowsSplitAt));
  }

  /** The split next to the key that leaves it the narrower part of the range. */
  private static Optional<HashKey> beside(HashKeyRange range, HotKey key) {
    HashKey hashKey = key.hashKey();
    if (!range.contains(hashKey) || hashKey.equals(HashKey.MAX)) {
      return Optional.empty();
    }
    HashKey start = hashKey.compareTo(range.midpoint()) < 0 ? hashKey.next() : hashKey;
    return Optional.of(start).filter(range::allowsSplitAt);
  }
}
