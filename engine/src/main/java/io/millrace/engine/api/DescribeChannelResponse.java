package io.millrace.engine.api;

/**
 * The answer to {@link DescribeChannelRequest}.
 *
 * @param channelDescription the channel
 */
public record DescribeChannelResponse(ChannelDescription channelDescription) {}
