package io.millrace.channels.directory;

import io.millrace.engine.api.ChannelDescription;
import io.millrace.engine.api.ChannelLoggingConfiguration;
import io.millrace.engine.api.ChannelStreamDescription;
import io.millrace.engine.api.ChannelStreamIdentifier;
import io.millrace.engine.api.ChannelSummary;
import io.millrace.engine.model.ChannelDestinationType;
import java.time.Instant;
import java.util.List;

/** Channels as the API describes them. */
final class Descriptions {

  private Descriptions() {}

  /** CreateChannel, DescribeChannel, UpdateChannel. */
  static ChannelDescription of(Channel channel) {
    return new ChannelDescription(
        channel.name(),
        channel.arn().toString(),
        channel.id(),
        channel.status(),
        channel.reason().orElse(null),
        Instant.ofEpochMilli(channel.createdMillis()),
        channel.roleArn(),
        List.of(
            new ChannelStreamDescription(
                channel.stream().toString(), streamCreated(channel), channel.records())),
        channel.destination(),
        channel.encryption().orElse(null),
        new ChannelLoggingConfiguration(channel.logs()));
  }

  /** ListChannels. */
  static ChannelSummary listed(Channel channel) {
    return new ChannelSummary(
        channel.name(),
        channel.arn().toString(),
        channel.id(),
        channel.status(),
        channel.reason().orElse(null),
        Instant.ofEpochMilli(channel.createdMillis()),
        ChannelDestinationType.S3,
        List.of(new ChannelStreamIdentifier(channel.stream().toString(), streamCreated(channel))));
  }

  private static Instant streamCreated(Channel channel) {
    return Instant.ofEpochMilli(channel.streamCreatedMillis());
  }
}
