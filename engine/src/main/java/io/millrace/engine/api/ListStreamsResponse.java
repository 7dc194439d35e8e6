package io.millrace.engine.api;

import io.millrace.engine.model.StreamName;
import java.util.List;

/**
 * The answer to {@link ListStreamsRequest}: one page of streams.
 *
 * @param streamNames their names, in order
 * @param hasMoreStreams whether streams follow after the last one here
 * @param nextToken asks for the page that follows; null when there is none
 * @param streamSummaries the same streams with their status, in the same order
 */
public record ListStreamsResponse(
    List<StreamName> streamNames,
    boolean hasMoreStreams,
    String nextToken,
    List<StreamSummary> streamSummaries) {

  public ListStreamsResponse {
    streamNames = List.copyOf(streamNames);
    streamSummaries = List.copyOf(streamSummaries);
  }
}
