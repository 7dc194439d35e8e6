package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CHANNEL_ARN;

/**
 * DescribeChannel: a channel with its configuration and status.
 *
 * @param channelARN the channel; required
 */
public record DescribeChannelRequest(String channelARN) implements ChannelRequest {

  @Override
  public void validate() {
    new Violations()
        .required("channelARN", channelARN)
        .text("channelARN", channelARN, CHANNEL_ARN)
        .throwIfAny();
  }
}
