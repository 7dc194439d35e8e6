package io.millrace.engine.api;

import io.millrace.engine.model.ChannelStatus;
import java.time.Instant;
import java.util.List;

/**
 * A channel.
 *
 * @param channelName its name
 * @param channelARN its ARN
 * @param channelId tells it from every other channel that had its name
 * @param channelStatus where it is in its life
 * @param channelStatusReason why it has FAILED; null otherwise
 * @param channelCreationTimestamp when it was created
 * @param serviceExecutionRoleARN the role that it was given
 * @param streamConfigurationList what it reads: one entry
 * @param s3DestinationConfiguration what it delivers, with every default filled in
 * @param encryptionConfiguration the master key of what it delivers; null for none
 * @param loggingConfiguration what it logs
 */
public record ChannelDescription(
    String channelName,
    String channelARN,
    String channelId,
    ChannelStatus channelStatus,
    String channelStatusReason,
    Instant channelCreationTimestamp,
    String serviceExecutionRoleARN,
    List<ChannelStreamDescription> streamConfigurationList,
    S3DestinationConfiguration s3DestinationConfiguration,
    ChannelEncryptionConfiguration encryptionConfiguration,
    ChannelLoggingConfiguration loggingConfiguration) {

  public ChannelDescription {
    streamConfigurationList = List.copyOf(streamConfigurationList);
  }
}
