package io.millrace.processors.mapping;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.model.StreamName;
import io.millrace.processors.api.MappingOptions;
import java.util.Map;

/**
 * A mapping as it is stored.
 *
 * @param uuid its name
 * @param eventSourceArn the stream, as an ARN
 * @param streamName the stream
 * @param functionName its function
 * @param startingPosition where it began
 * @param options its options
 * @param tags its tags
 * @param isEnabled whether it is to run
 * @param isDeleting whether it is going to be gone
 * @param lastModifiedMillis when it was last changed, epoch milliseconds
 */
public record Mapping(
    String uuid,
    String eventSourceArn,
    StreamName streamName,
    String functionName,
    StartingPosition startingPosition,
    MappingOptions options,
    Map<String, String> tags,
    boolean isEnabled,
    boolean isDeleting,
    long lastModifiedMillis) {

  public Mapping {
    tags = Map.copyOf(tags);
  }

  Mapping changed(String function, boolean enabled, MappingOptions newOptions, long nowMillis) {
    return new Mapping(
        uuid,
        eventSourceArn,
        streamName,
        function,
        startingPosition,
        newOptions,
        tags,
        enabled,
        isDeleting,
        nowMillis);
  }

  Mapping deleting(long nowMillis) {
    return new Mapping(
        uuid,
        eventSourceArn,
        streamName,
        functionName,
        startingPosition,
        options,
        tags,
        isEnabled,
        true,
        nowMillis);
  }

  /** Whether it is to run. */
  boolean wantsToRun() {
    return isEnabled && !isDeleting;
  }

  /** Whether its workers can go on as they are when it becomes this one. */
  boolean runsLike(Mapping other) {
    return functionName.equals(other.functionName) && options.equals(other.options);
  }
}
