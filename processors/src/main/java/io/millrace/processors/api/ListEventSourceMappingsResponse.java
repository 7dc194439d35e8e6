package io.millrace.processors.api;

import java.util.List;
import java.util.Optional;

/**
 * What ListEventSourceMappings answers.
 *
 * @param eventSourceMappings mappings in the order of their UUIDs
 * @param nextMarker where to go on; empty when there are no more
 */
public record ListEventSourceMappingsResponse(
    List<EventSourceMapping> eventSourceMappings, Optional<String> nextMarker) {

  public ListEventSourceMappingsResponse {
    eventSourceMappings = List.copyOf(eventSourceMappings);
  }
}
