package io.millrace.engine;

import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateChannelResponse;
import io.millrace.engine.api.DeleteChannelRequest;
import io.millrace.engine.api.DescribeChannelRequest;
import io.millrace.engine.api.DescribeChannelResponse;
import io.millrace.engine.api.ListChannelsRequest;
import io.millrace.engine.api.ListChannelsResponse;
import io.millrace.engine.api.UpdateChannelRequest;
import io.millrace.engine.api.UpdateChannelResponse;
import java.util.concurrent.CompletionStage;

/**
 * The operations of the API on channels, one call each. Calls behave as those of {@link
 * StreamClient}: none blocks and none throws, and a change is durable when it is answered. Whoever
 * delivers for an engine has one.
 */
public interface ChannelClient {

  /** CreateChannel. Returns when the channel can be described; it delivers once it is ACTIVE. */
  CompletionStage<CreateChannelResponse> createChannel(CreateChannelRequest request);

  /** DescribeChannel. */
  CompletionStage<DescribeChannelResponse> describeChannel(DescribeChannelRequest request);

  /** UpdateChannel. Returns when the channel is UPDATING; it delivers all the while. */
  CompletionStage<UpdateChannelResponse> updateChannel(UpdateChannelRequest request);

  /**
   * DeleteChannel. Returns when the channel is DELETING; what it has gathered is still delivered,
   * then it is gone.
   */
  CompletionStage<Void> deleteChannel(DeleteChannelRequest request);

  /** ListChannels: a page of the account's channels, by name. */
  CompletionStage<ListChannelsResponse> listChannels(ListChannelsRequest request);
}
