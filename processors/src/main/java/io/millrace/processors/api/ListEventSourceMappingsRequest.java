package io.millrace.processors.api;

import java.util.Optional;

/**
 * ListEventSourceMappings.
 *
 * @param eventSourceArn only mappings of this stream
 * @param functionName only mappings of this function
 * @param marker where an earlier answer ended
 * @param maxItems how many to answer with at most, 1 to 10,000; more than 100 count as 100
 */
public record ListEventSourceMappingsRequest(
    Optional<String> eventSourceArn,
    Optional<String> functionName,
    Optional<String> marker,
    int maxItems) {

  /** How many mappings an answer holds at most. */
  public static final int PAGE = 100;

  public ListEventSourceMappingsRequest {
    Bounds.check("MaxItems", maxItems, 1, 10_000);
  }

  /** All mappings, from the first on. */
  public static ListEventSourceMappingsRequest all() {
    return new ListEventSourceMappingsRequest(
        Optional.empty(), Optional.empty(), Optional.empty(), PAGE);
  }

  /** The next answer after the one that ended at this marker. */
  public ListEventSourceMappingsRequest after(String nextMarker) {
    return new ListEventSourceMappingsRequest(
        eventSourceArn, functionName, Optional.of(nextMarker), maxItems);
  }
}
