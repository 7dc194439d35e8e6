package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CHANNEL_ARN;

/**
 * DeleteChannel: ends delivery. What was delivered stays. Deleting a channel that is being deleted
 * changes nothing.
 *
 * @param channelARN the channel; required
 */
public record DeleteChannelRequest(String channelARN) implements ChannelRequest {

  @Override
  public void validate() {
    new Violations()
        .required("channelARN", channelARN)
        .text("channelARN", channelARN, CHANNEL_ARN)
        .throwIfAny();
  }
}
