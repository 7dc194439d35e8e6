package io.millrace.processors.api;

import java.util.Optional;

/**
 * UpdateEventSourceMapping: change a mapping. What is empty stays as it is. Applied when the calls
 * that run have ended.
 *
 * @param uuid which mapping
 * @param functionName another function, empty to keep it
 * @param enabled whether it runs; a mapping that is disabled keeps its position
 * @param options other options
 */
public record UpdateEventSourceMappingRequest(
    String uuid,
    Optional<String> functionName,
    Optional<Boolean> enabled,
    Optional<MappingOptions> options) {

  public UpdateEventSourceMappingRequest {
    functionName.ifPresent(CreateEventSourceMappingRequest::checkFunctionName);
  }

  /** Lets a mapping go on from its position. */
  public static UpdateEventSourceMappingRequest enable(String uuid) {
    return new UpdateEventSourceMappingRequest(
        uuid, Optional.empty(), Optional.of(true), Optional.empty());
  }

  /** Stops a mapping; it keeps its position. */
  public static UpdateEventSourceMappingRequest disable(String uuid) {
    return new UpdateEventSourceMappingRequest(
        uuid, Optional.empty(), Optional.of(false), Optional.empty());
  }

  /** Gives a mapping these options. */
  public static UpdateEventSourceMappingRequest options(String uuid, MappingOptions options) {
    return new UpdateEventSourceMappingRequest(
        uuid, Optional.empty(), Optional.empty(), Optional.of(options));
  }
}
