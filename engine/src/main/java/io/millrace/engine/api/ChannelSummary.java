package io.millrace.engine.api;

import io.millrace.engine.model.ChannelDestinationType;
import io.millrace.engine.model.ChannelStatus;
import java.time.Instant;
import java.util.List;

/**
 * A channel in a listing.
 *
 * @param channelName its name
 * @param channelARN its ARN
 * @param channelId tells it from every other channel that had its name
 * @param channelStatus where it is in its life
 * @param channelStatusReason why it has FAILED; null otherwise
 * @param channelCreationTimestamp when it was created
 * @param channelDestinationType what it delivers to
 * @param streams what it reads: one entry
 */
public record ChannelSummary(
    String channelName,
    String channelARN,
    String channelId,
    ChannelStatus channelStatus,
    String channelStatusReason,
    Instant channelCreationTimestamp,
    ChannelDestinationType channelDestinationType,
    List<ChannelStreamIdentifier> streams) {

  public ChannelSummary {
    streams = List.copyOf(streams);
  }
}
