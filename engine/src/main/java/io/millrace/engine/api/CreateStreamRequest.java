package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.AT_LEAST_ONE;
import static io.millrace.engine.api.Constraints.AT_LEAST_ZERO;
import static io.millrace.engine.api.Constraints.MAX_RECORD_SIZE_IN_KIB;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamMode;
import java.util.Map;

/**
 * CreateStream: makes a stream of this name. Nothing is answered but that it was accepted; the
 * stream is CREATING, then ACTIVE.
 *
 * <p>Refused with {@link ResourceInUseException} when the name is taken, whatever the status of the
 * stream that has it, with {@link LimitExceededException} when a quota would be exceeded, and with
 * {@link InvalidArgumentException} for a warm throughput that the account is not committed to.
 *
 * @param streamName the name; required
 * @param shardCount how many shards to start with, 1 or more; required for PROVISIONED, ignored for
 *     ON_DEMAND
 * @param streamModeDetails the capacity mode; null for PROVISIONED
 * @param warmThroughputMiBps the throughput that an on-demand stream is ready for from the start,
 *     MiB/s, at most 10 GiB/s; null for none
 * @param maxRecordSizeInKiB the largest record it takes, data and partition key together, 1024 to
 *     10240 KiB; null for 1024
 * @param recordDistributionStrategy who chooses the shards of records, AUTO for on-demand streams
 *     only; null for USER_PARTITION_KEY
 * @param tags its tags, 1 to 50, values by keys; null for none
 */
public record CreateStreamRequest(
    String streamName,
    Integer shardCount,
    StreamModeDetails streamModeDetails,
    Integer warmThroughputMiBps,
    Integer maxRecordSizeInKiB,
    RecordDistributionStrategy recordDistributionStrategy,
    Map<String, String> tags)
    implements StreamRequest {

  /** Copies the map. */
  public CreateStreamRequest {
    tags = Tags.copy(tags);
  }

  /** The largest record of a stream that was created without a word about it, in KiB. */
  public static final int DEFAULT_MAX_RECORD_SIZE_IN_KIB = 1024;

  /** A stream with a chosen number of shards. */
  public static CreateStreamRequest provisioned(String streamName, int shardCount) {
    return new CreateStreamRequest(
        streamName, shardCount, StreamModeDetails.PROVISIONED, null, null, null, null);
  }

  /** A stream whose shards the engine manages. */
  public static CreateStreamRequest onDemand(String streamName) {
    return new CreateStreamRequest(
        streamName, null, StreamModeDetails.ON_DEMAND, null, null, null, null);
  }

  /** The same stream, taking records up to this size in KiB. */
  public CreateStreamRequest withMaxRecordSizeInKiB(int maxRecordSizeInKiB) {
    return new CreateStreamRequest(
        streamName,
        shardCount,
        streamModeDetails,
        warmThroughputMiBps,
        maxRecordSizeInKiB,
        recordDistributionStrategy,
        tags);
  }

  /** The same stream, ready for this throughput in MiB/s. */
  public CreateStreamRequest withWarmThroughputMiBps(int warmThroughputMiBps) {
    return new CreateStreamRequest(
        streamName,
        shardCount,
        streamModeDetails,
        warmThroughputMiBps,
        maxRecordSizeInKiB,
        recordDistributionStrategy,
        tags);
  }

  /** The same stream, whose records go where this strategy says. */
  public CreateStreamRequest withRecordDistributionStrategy(
      RecordDistributionStrategy recordDistributionStrategy) {
    return new CreateStreamRequest(
        streamName,
        shardCount,
        streamModeDetails,
        warmThroughputMiBps,
        maxRecordSizeInKiB,
        recordDistributionStrategy,
        tags);
  }

  /** The same stream, with these tags. */
  public CreateStreamRequest withTags(Map<String, String> tags) {
    return new CreateStreamRequest(
        streamName,
        shardCount,
        streamModeDetails,
        warmThroughputMiBps,
        maxRecordSizeInKiB,
        recordDistributionStrategy,
        tags);
  }

  /** The capacity mode that is meant. */
  public StreamMode streamMode() {
    return streamModeDetails == null ? StreamMode.PROVISIONED : streamModeDetails.streamMode();
  }

  @Override
  public void validate() {
    Violations violations =
        new Violations()
            .required("streamName", streamName)
            .text("streamName", streamName, STREAM_NAME)
            .number("shardCount", shardCount, AT_LEAST_ONE)
            .number("warmThroughputMiBps", warmThroughputMiBps, AT_LEAST_ZERO)
            .number("maxRecordSizeInKiB", maxRecordSizeInKiB, MAX_RECORD_SIZE_IN_KIB);
    if (streamModeDetails != null) {
      violations.required("streamModeDetails.streamMode", streamModeDetails.streamMode());
    }
    Tags.validate(tags, violations).throwIfAny();
  }

  @Override
  public void checkArguments() {
    if (streamMode() == StreamMode.PROVISIONED && shardCount == null) {
      throw new InvalidArgumentException("ShardCount is required for a provisioned stream.");
    }
    if (streamMode() == StreamMode.PROVISIONED && warmThroughputMiBps != null) {
      throw new InvalidArgumentException("WarmThroughputMiBps is for on-demand streams only.");
    }
    if (streamMode() == StreamMode.PROVISIONED
        && recordDistributionStrategy == RecordDistributionStrategy.AUTO) {
      throw new InvalidArgumentException(
          "RecordDistributionStrategy AUTO is for on-demand streams only.");
    }
    Tags.check(tags);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, null);
  }
}
