package io.millrace.engine.stream;

import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamMode;
import java.util.Map;
import java.util.Objects;

/**
 * What a stream is created with.
 *
 * @param mode who decides how many shards it has
 * @param shardCount shards at first, at least 1; an on-demand stream has {@value
 *     #ON_DEMAND_SHARDS}, or as many as its warm throughput needs
 * @param maxRecordKiB the largest record, 1024 to 10240 KiB
 * @param warmMiBps the throughput that an on-demand stream is ready for whatever its traffic,
 *     MiB/s; 0 for none
 * @param distribution who chooses the shards of records
 * @param tags its tags, values by keys
 */
public record StreamParameters(
    StreamMode mode,
    int shardCount,
    int maxRecordKiB,
    int warmMiBps,
    RecordDistributionStrategy distribution,
    Map<String, String> tags) {

  /** The shards that an on-demand stream starts with at least. */
  public static final int ON_DEMAND_SHARDS = 4;

  /** The smallest value of {@code maxRecordKiB}, and its default. */
  public static final int MIN_RECORD_KIB = 1024;

  /** The largest value of {@code maxRecordKiB}. */
  public static final int MAX_RECORD_KIB = 10_240;

  public StreamParameters {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(distribution, "distribution");
    tags = Map.copyOf(tags);
    shardCount = mode == StreamMode.ON_DEMAND ? Math.max(ON_DEMAND_SHARDS, warmMiBps) : shardCount;
  }

  /** A stream without tags, whose producers choose the shards of their records. */
  public StreamParameters(StreamMode mode, int shardCount, int maxRecordKiB, int warmMiBps) {
    this(
        mode,
        shardCount,
        maxRecordKiB,
        warmMiBps,
        RecordDistributionStrategy.USER_PARTITION_KEY,
        Map.of());
  }

  /** A stream whose operator asks for this many shards. */
  public static StreamParameters provisioned(int shardCount) {
    return new StreamParameters(StreamMode.PROVISIONED, shardCount, MIN_RECORD_KIB, 0);
  }

  /** A stream whose shards the engine manages. */
  public static StreamParameters onDemand() {
    return new StreamParameters(StreamMode.ON_DEMAND, ON_DEMAND_SHARDS, MIN_RECORD_KIB, 0);
  }
}
