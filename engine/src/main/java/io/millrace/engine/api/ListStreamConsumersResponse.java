package io.millrace.engine.api;

import java.util.List;

/**
 * The answer to {@link ListStreamConsumersRequest}: one page of consumers.
 *
 * @param consumers the consumers by name, in any status
 * @param nextToken asks for the page that follows, for 300 seconds; null when there is none
 */
public record ListStreamConsumersResponse(List<Consumer> consumers, String nextToken) {

  public ListStreamConsumersResponse {
    consumers = List.copyOf(consumers);
  }
}
