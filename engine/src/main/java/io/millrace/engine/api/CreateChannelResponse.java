package io.millrace.engine.api;

/**
 * The answer to {@link CreateChannelRequest}.
 *
 * @param channelDescription the channel
 */
public record CreateChannelResponse(ChannelDescription channelDescription) {}
