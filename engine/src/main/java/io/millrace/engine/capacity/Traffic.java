package io.millrace.engine.capacity;

import java.util.Locale;

/**
 * What was accepted within one minute.
 *
 * @param bytes data and partition keys, 0 or more
 * @param records how many, 0 or more
 */
public record Traffic(long bytes, long records) {

  /** Nothing. */
  public static final Traffic NONE = new Traffic(0, 0);

  /** What one shard takes: 1 MiB/s and 1,000 records/s. */
  public static final Traffic OF_ONE_SHARD = perSecond(1 << 20, 1_000);

  /**
   * What makes a shard of an on-demand stream hot: 500 KB/s, as the service publishes it, and the
   * same part of the records.
   */
  static final Traffic HOT = perSecond(500_000, 500);

  public Traffic {
    if (bytes < 0 || records < 0) {
      throw new IllegalArgumentException(
          "negative: %d bytes, %d records".formatted(bytes, records));
    }
  }

  /** A minute at this steady rate. */
  public static Traffic perSecond(long bytes, long records) {
    return new Traffic(60 * bytes, 60 * records);
  }

  /** Both together. */
  public Traffic plus(Traffic other) {
    return new Traffic(bytes + other.bytes, records + other.records);
  }

  /** The more bytes and the more records of the two. */
  public Traffic max(Traffic other) {
    return new Traffic(Math.max(bytes, other.bytes), Math.max(records, other.records));
  }

  /** A part of it, or a multiple. */
  public Traffic times(double factor) {
    return new Traffic(Math.round(bytes * factor), Math.round(records * factor));
  }

  /** How many shards' budgets it fills: the larger of bytes and records, not rounded. */
  public double shards() {
    return Math.max((double) bytes / OF_ONE_SHARD.bytes, (double) records / OF_ONE_SHARD.records);
  }

  /** Whether it has more bytes or more records. */
  public boolean exceeds(Traffic other) {
    return bytes > other.bytes || records > other.records;
  }

  /** Whether a shard that takes this much is hot. */
  public boolean isHot() {
    return exceeds(HOT);
  }

  /** The mean rates over the minute, for people. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.2f MiB/s and %.0f records/s", bytes / 60.0 / (1 << 20), records / 60.0);
  }
}
