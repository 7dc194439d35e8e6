package io.millrace.processors.api;

import io.millrace.engine.api.StartingPosition;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * CreateEventSourceMapping: feed a function from a stream.
 *
 * @param eventSourceArn the ARN of the stream, which is polled, or of a registered consumer, which
 *     is pushed what it gets; required
 * @param functionName the name that the function is registered under, 1 to 64 characters of {@code
 *     [a-zA-Z0-9_-]}; required. It may be registered later
 * @param enabled whether the mapping begins at once
 * @param startingPosition TRIM_HORIZON, LATEST, or AT_TIMESTAMP with a time that is not in the
 *     future; required. With LATEST, records that are put while the mapping is created may be
 *     missed
 * @param options the rest
 * @param tags kept with the mapping and shown: up to 50, keys of 1 to 128 characters that do not
 *     begin with {@code aws:}, values of up to 256
 */
public record CreateEventSourceMappingRequest(
    String eventSourceArn,
    String functionName,
    boolean enabled,
    StartingPosition startingPosition,
    MappingOptions options,
    Map<String, String> tags) {

  private static final int MAX_TAGS = 50;
  private static final int MAX_TAG_KEY_CHARACTERS = 128;
  private static final int MAX_TAG_VALUE_CHARACTERS = 256;
  private static final Pattern FUNCTION_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  public CreateEventSourceMappingRequest {
    require("EventSourceArn", eventSourceArn);
    checkFunctionName(functionName);
    require("StartingPosition", startingPosition);
    require("options", options);
    tags = Map.copyOf(tags);
    Bounds.check("The number of Tags", tags.size(), 0, MAX_TAGS);
    tags.forEach(CreateEventSourceMappingRequest::checkTag);
    switch (startingPosition.type()) {
      case TRIM_HORIZON, LATEST -> {
        if (startingPosition.timestamp() != null) {
          throw new InvalidParameterValueException(
              "StartingPositionTimestamp goes with AT_TIMESTAMP alone.");
        }
      }
      case AT_TIMESTAMP -> require("StartingPositionTimestamp", startingPosition.timestamp());
      default ->
          throw new InvalidParameterValueException(
              "StartingPosition must be TRIM_HORIZON, LATEST or AT_TIMESTAMP, not %s."
                  .formatted(startingPosition.type()));
    }
  }

  /** A mapping that begins at once, with the default options. */
  public static CreateEventSourceMappingRequest of(
      String eventSourceArn, String functionName, StartingPosition startingPosition) {
    return new CreateEventSourceMappingRequest(
        eventSourceArn, functionName, true, startingPosition, MappingOptions.defaults(), Map.of());
  }

  /** The same request with these options. */
  public CreateEventSourceMappingRequest withOptions(MappingOptions value) {
    return new CreateEventSourceMappingRequest(
        eventSourceArn, functionName, enabled, startingPosition, value, tags);
  }

  /** The same request, enabled or not. */
  public CreateEventSourceMappingRequest withEnabled(boolean value) {
    return new CreateEventSourceMappingRequest(
        eventSourceArn, functionName, value, startingPosition, options, tags);
  }

  /** The same request with these tags. */
  public CreateEventSourceMappingRequest withTags(Map<String, String> value) {
    return new CreateEventSourceMappingRequest(
        eventSourceArn, functionName, enabled, startingPosition, options, value);
  }

  private static void checkTag(String key, String value) {
    Bounds.check("The length of a tag's key", key.length(), 1, MAX_TAG_KEY_CHARACTERS);
    Bounds.check("The length of a tag's value", value.length(), 0, MAX_TAG_VALUE_CHARACTERS);
    if (key.regionMatches(true, 0, "aws:", 0, 4)) {
      throw new InvalidParameterValueException(
          "The tag key '%s' begins with 'aws:', which is reserved.".formatted(key));
    }
  }

  /**
   * Checks the name of a function.
   *
   * @throws InvalidParameterValueException when it is missing or malformed
   */
  public static void checkFunctionName(String name) {
    require("FunctionName", name);
    if (!FUNCTION_NAME.matcher(name).matches()) {
      throw new InvalidParameterValueException(
          "'%s' is not the name of a function.".formatted(name));
    }
  }

  private static void require(String member, Object value) {
    if (value == null) {
      throw new InvalidParameterValueException(member + " is required.");
    }
  }
}
