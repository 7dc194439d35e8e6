package io.millrace.engine.api;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.time.Instant;
import java.util.List;

/**
 * A stream without its shards.
 *
 * @param streamName its name
 * @param streamARN its ARN
 * @param streamStatus where it is in its life
 * @param streamModeDetails its capacity mode
 * @param retentionPeriodHours how long its records stay, in hours
 * @param streamCreationTimestamp when it was created
 * @param enhancedMonitoring what is counted of each shard: one entry
 * @param encryptionType whether new records are encrypted
 * @param keyId the master key under which they are, as StartStreamEncryption named it; null when
 *     they are not
 * @param openShardCount how many shards take puts
 * @param consumerCount how many consumers are registered
 * @param warmThroughput the throughput that it is ready for whatever its traffic; null unless it is
 *     on-demand and the account is committed to a minimum throughput
 * @param maxRecordSizeInKiB the largest record it takes, data and partition key together, in KiB
 * @param channelCount how many channels read it
 * @param recordDistributionStrategy who chooses the shards of records; null unless it is on-demand
 */
public record StreamDescriptionSummary(
    StreamName streamName,
    String streamARN,
    StreamStatus streamStatus,
    StreamModeDetails streamModeDetails,
    int retentionPeriodHours,
    Instant streamCreationTimestamp,
    List<EnhancedMetrics> enhancedMonitoring,
    EncryptionType encryptionType,
    String keyId,
    int openShardCount,
    int consumerCount,
    WarmThroughputObject warmThroughput,
    int maxRecordSizeInKiB,
    int channelCount,
    RecordDistributionStrategy recordDistributionStrategy) {

  public StreamDescriptionSummary {
    enhancedMonitoring = List.copyOf(enhancedMonitoring);
  }
}
