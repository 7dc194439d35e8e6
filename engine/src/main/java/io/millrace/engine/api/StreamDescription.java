package io.millrace.engine.api;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.time.Instant;
import java.util.List;

/**
 * A stream and one page of its shards.
 *
 * @param streamName its name
 * @param streamARN its ARN
 * @param streamStatus where it is in its life
 * @param streamModeDetails its capacity mode
 * @param shards open and closed shards by id, without those that have expired; empty while CREATING
 * @param hasMoreShards whether shards follow after the last one here
 * @param retentionPeriodHours how long its records stay, in hours
 * @param streamCreationTimestamp when it was created
 * @param enhancedMonitoring what is counted of each shard: one entry
 * @param encryptionType whether new records are encrypted
 * @param keyId the master key under which they are, as StartStreamEncryption named it; null when
 *     they are not
 */
public record StreamDescription(
    StreamName streamName,
    String streamARN,
    StreamStatus streamStatus,
    StreamModeDetails streamModeDetails,
    List<Shard> shards,
    boolean hasMoreShards,
    int retentionPeriodHours,
    Instant streamCreationTimestamp,
    List<EnhancedMetrics> enhancedMonitoring,
    EncryptionType encryptionType,
    String keyId) {

  public StreamDescription {
    shards = List.copyOf(shards);
    enhancedMonitoring = List.copyOf(enhancedMonitoring);
  }
}
