package io.millrace.engine.api;

/**
 * The answer to {@link UpdateChannelRequest}.
 *
 * @param channelDescription the channel
 */
public record UpdateChannelResponse(ChannelDescription channelDescription) {}
