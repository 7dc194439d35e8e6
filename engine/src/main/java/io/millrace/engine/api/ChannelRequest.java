package io.millrace.engine.api;

/** A request that names a channel by its ARN. */
public sealed interface ChannelRequest extends Request
    permits DescribeChannelRequest, UpdateChannelRequest, DeleteChannelRequest {

  /** The ARN of the channel; required. */
  String channelARN();
}
