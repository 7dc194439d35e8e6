package io.millrace.engine.shard;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/**
 * How shards work, the same for all of an engine.
 *
 * @param limits what a shard takes and gives in a second; empty when limits are off
 * @param batchBytes an event grows up to about so many bytes, or holds one larger record alone
 * @param batchRecords an event holds at most so many records
 * @param queueBytes records wait for their write up to so many bytes, at least 10 MiB; beyond that
 *     they are throttled
 * @param queueRecords records wait for their write up to this number, at least 500
 * @param restartBackoff first pause before a failed shard is started again; it doubles
 * @param maxRestartBackoff longest such pause
 * @param trimStepEvents events deleted in one transaction
 */
public record ShardSettings(
    Optional<ShardLimits> limits,
    int batchBytes,
    int batchRecords,
    int queueBytes,
    int queueRecords,
    Duration restartBackoff,
    Duration maxRestartBackoff,
    int trimStepEvents) {

  private static final int LARGEST_REQUEST_BYTES = 10 << 20;
  private static final int LARGEST_REQUEST_RECORDS = 500;

  public ShardSettings {
    if (queueBytes < LARGEST_REQUEST_BYTES || queueRecords < LARGEST_REQUEST_RECORDS) {
      throw new IllegalArgumentException(
          "a shard's queue must hold the largest request, 10 MiB and 500 records: "
              + queueBytes
              + " bytes, "
              + queueRecords
              + " records");
    }
    if (batchBytes < 1 || batchRecords < 1 || batchRecords > 1 << 20 || trimStepEvents < 1) {
      throw new IllegalArgumentException("batches and steps must not be empty");
    }
  }

  /** Reads the sections {@code limits} and {@code shard} of {@code millrace}. */
  public static ShardSettings of(Config millrace) {
    Config shard = millrace.getConfig("shard");
    return new ShardSettings(
        limits(millrace.getConfig("limits")),
        Math.toIntExact(shard.getBytes("batch-bytes")),
        shard.getInt("batch-records"),
        Math.toIntExact(shard.getBytes("queue-bytes")),
        shard.getInt("queue-records"),
        shard.getDuration("restart-backoff"),
        shard.getDuration("max-restart-backoff"),
        shard.getInt("trim-step-events"));
  }

  private static Optional<ShardLimits> limits(Config limits) {
    String mode = limits.getString("mode");
    return switch (mode) {
      case "kinesis" -> Optional.of(ShardLimits.KINESIS);
      case "off" -> Optional.empty();
      case "custom" -> {
        Config custom = limits.getConfig("custom");
        yield Optional.of(
            new ShardLimits(
                Math.toIntExact(custom.getBytes("write-bytes-per-second")),
                custom.getInt("write-records-per-second"),
                Math.toIntExact(custom.getBytes("read-bytes-per-second")),
                custom.getInt("read-calls-per-second")));
      }
      default ->
          throw new IllegalArgumentException(
              "millrace.limits.mode is kinesis, custom or off, not " + mode);
    };
  }
}
