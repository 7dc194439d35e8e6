package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CHANNEL_LIST;
import static io.millrace.engine.api.Constraints.NEXT_TOKEN;
import static io.millrace.engine.api.Constraints.PAGE;

import java.util.List;

/**
 * ListChannels: the channels of the account, page by page in the order of their names.
 *
 * @param streamFilter only channels of these streams, 1 to 10000; null for all. The filter has to
 *     come with a token too
 * @param maxResults how many channels to show, 1 to 10000; null for 100, and more than 100 are
 *     never shown
 * @param nextToken the token of the page before; null for the first page
 */
public record ListChannelsRequest(
    List<StreamFilter> streamFilter, Integer maxResults, String nextToken) implements Request {

  /** Copies the list. */
  public ListChannelsRequest {
    streamFilter = Lists.copy(streamFilter);
  }

  /** The first page of all channels. */
  public static ListChannelsRequest all() {
    return new ListChannelsRequest(null, null, null);
  }

  /** The first page of the channels of a stream. */
  public static ListChannelsRequest ofStream(String streamARN) {
    return new ListChannelsRequest(List.of(new StreamFilter(streamARN, null)), null, null);
  }

  /** The same page, with at most so many channels. */
  public ListChannelsRequest withMaxResults(int maxResults) {
    return new ListChannelsRequest(streamFilter, maxResults, nextToken);
  }

  /** The page after the one that gave this token. */
  public ListChannelsRequest next(String nextToken) {
    return new ListChannelsRequest(streamFilter, maxResults, nextToken);
  }

  @Override
  public void validate() {
    Violations violations =
        new Violations()
            .entries("streamFilter", streamFilter, CHANNEL_LIST)
            .requiredEntries("streamFilter", streamFilter)
            .number("maxResults", maxResults, PAGE)
            .text("nextToken", nextToken, NEXT_TOKEN);
    Lists.validate("streamFilter", streamFilter, (one, at) -> one.validate(at, violations));
    violations.throwIfAny();
  }
}
