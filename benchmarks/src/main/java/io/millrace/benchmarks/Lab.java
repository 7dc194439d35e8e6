package io.millrace.benchmarks;

import io.millrace.persistence.JdbcStorageSettings.Durability;
import java.time.Duration;

/**
 * Where and how long a benchmark measures.
 *
 * @param database fresh places come from here
 * @param durability of all commits in it
 * @param span of one trial
 * @param pairs how often A and B are measured in turn
 * @param sizes how much is stored where the amount matters
 */
record Lab(Database database, Durability durability, Span span, int pairs, Sizes sizes) {

  private static final Duration COMPILERS = Duration.ofSeconds(40);

  /**
   * How much is stored.
   *
   * @param readBytes for the two reading benchmarks
   * @param reopenBatches in the larger of the shards that are reopened
   * @param longRunBytes by the long run
   * @param sliceBytes of the long run, between two figures
   * @param splitBytes in each of the shards that are split for their size
   * @param idleShards of the engine that has many
   */
  record Sizes(
      long readBytes,
      int reopenBatches,
      long longRunBytes,
      long sliceBytes,
      long splitBytes,
      int idleShards) {}

  /** The same, for one long trial that is not counted: the compilers need about a minute. */
  Lab forCompilers() {
    Span warmUp = new Span(COMPILERS, Duration.ofSeconds(1));
    return new Lab(database, durability, warmUp, pairs, sizes);
  }

  boolean isSynced() {
    return durability == Durability.SYNCED;
  }

  /** A span that measures for this long, warmed up for a quarter of it, but a second at least. */
  static Span span(Duration measured) {
    Duration quarter = measured.dividedBy(4);
    Duration second = Duration.ofSeconds(1);
    return new Span(quarter.compareTo(second) < 0 ? second : quarter, measured);
  }
}
