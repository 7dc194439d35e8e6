package io.millrace.engine.api;

import java.util.List;

/**
 * The answer to {@link ListChannelsRequest}.
 *
 * @param channelSummaries channels in any status, by name
 * @param nextToken brings the next page within 300 seconds; null when there are no more
 */
public record ListChannelsResponse(List<ChannelSummary> channelSummaries, String nextToken) {

  public ListChannelsResponse {
    channelSummaries = List.copyOf(channelSummaries);
  }
}
