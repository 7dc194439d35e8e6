package io.millrace.channels.directory;

import io.millrace.engine.api.MillraceException;

/** What the channels answer. */
sealed interface ChannelsReply {

  /** The channel, as it stands. */
  record One(Channel channel) implements ChannelsReply {}

  /** The request failed. */
  record Refused(MillraceException error) implements ChannelsReply {}
}
