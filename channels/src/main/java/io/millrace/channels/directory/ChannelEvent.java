package io.millrace.channels.directory;

import io.millrace.engine.api.CloudWatchLogs;
import java.util.Map;

/** What has happened to the channels of an engine. All since 0.1. */
public sealed interface ChannelEvent {

  /** The name of the channel. */
  String name();

  /** A channel came into being; it is CREATING. */
  record ChannelCreated(Channel channel) implements ChannelEvent {
    @Override
    public String name() {
      return channel.name();
    }
  }

  /** A channel is ACTIVE: it delivers, as it was created or updated. */
  record ChannelActivated(String name) implements ChannelEvent {}

  /** A channel is UPDATING, and has these terms from now on. */
  record ChannelUpdated(String name, int freshnessSeconds, CloudWatchLogs logs)
      implements ChannelEvent {}

  /** A channel has these tags from now on. */
  record ChannelTagged(String name, Map<String, String> tags) implements ChannelEvent {

    public ChannelTagged {
      tags = Map.copyOf(tags);
    }
  }

  /** A channel can deliver nothing any more. */
  record ChannelFailed(String name, String reason) implements ChannelEvent {}

  /** A channel is going to be gone; its position has still to be forgotten. */
  record ChannelDeletionStarted(String name) implements ChannelEvent {}

  /** A channel is gone. */
  record ChannelDeleted(String name) implements ChannelEvent {}
}
