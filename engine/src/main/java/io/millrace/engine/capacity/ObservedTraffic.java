package io.millrace.engine.capacity;

import io.millrace.engine.model.ShardId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of a stream's traffic. Immutable. Only {@code daily} is worth storing: the rest is
 * seen again within a day, and until then no shard is merged.
 *
 * @param epochMinute the newest minute observed, minutes since the epoch
 * @param daily the largest minute of the stream on each of the last 30 days
 * @param shards the open shards
 * @param idleSinceMinute since when twice the peak has been below half the capacity, minutes since
 *     the epoch; empty while it is not
 */
public record ObservedTraffic(
    long epochMinute, Peaks daily, Map<ShardId, ShardLoad> shards, OptionalLong idleSinceMinute) {

  public ObservedTraffic {
    shards = Map.copyOf(shards);
  }

  /** At the start of an engine. */
  public static ObservedTraffic startingWith(Peaks daily) {
    return new ObservedTraffic(Long.MIN_VALUE, daily, Map.of(), OptionalLong.empty());
  }

  /**
   * With one more minute.
   *
   * @param minute minutes since the epoch; when the clock was set back, the newest known is taken
   * @param accepted a minute of every open shard, idle ones included; others are forgotten
   */
  public ObservedTraffic observe(long minute, Map<ShardId, ShardMinute> accepted) {
    long now = Math.max(minute, epochMinute);
    Traffic total = Traffic.NONE;
    Map<ShardId, ShardLoad> loads = new HashMap<>();
    for (Map.Entry<ShardId, ShardMinute> each : accepted.entrySet()) {
      ShardLoad known = shards.get(each.getKey());
      loads.put(
          each.getKey(),
          known == null
              ? ShardLoad.first(now, each.getValue())
              : known.observe(now, each.getValue()));
      total = total.plus(each.getValue().traffic());
    }
    Peaks peaks = daily.observe(now, total);
    boolean isIdle = 2 * peaks.max().shards() < accepted.size() / 2.0;
    OptionalLong idleSince =
        !isIdle
            ? OptionalLong.empty()
            : idleSinceMinute.isPresent() ? idleSinceMinute : OptionalLong.of(now);
    return new ObservedTraffic(now, peaks, loads, idleSince);
  }

  /** The 30-day peak of the minutes of the whole stream. */
  public Traffic peak() {
    return daily.max();
  }

  /** All shards' newest minutes together. */
  public Traffic last() {
    return shards.values().stream()
        .map(load -> load.last().traffic())
        .reduce(Traffic.NONE, Traffic::plus);
  }

  /** An open shard; empty when it has not been observed for a whole minute yet. */
  public Optional<ShardLoad> of(ShardId shardId) {
    return Optional.ofNullable(shards.get(shardId));
  }
}
