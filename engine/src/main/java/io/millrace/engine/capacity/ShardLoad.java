package io.millrace.engine.capacity;

/**
 * What is known of one open shard.
 *
 * @param sinceMinute the first minute observed, minutes since the epoch
 * @param last the newest minute
 * @param lastDay the largest minute of the last 24 hours
 */
public record ShardLoad(long sinceMinute, ShardMinute last, Peaks lastDay) {

  static ShardLoad first(long epochMinute, ShardMinute minute) {
    return new ShardLoad(
        epochMinute, minute, Peaks.ofOneDay().observe(epochMinute, minute.traffic()));
  }

  ShardLoad observe(long epochMinute, ShardMinute minute) {
    return new ShardLoad(sinceMinute, minute, lastDay.observe(epochMinute, minute.traffic()));
  }
}
