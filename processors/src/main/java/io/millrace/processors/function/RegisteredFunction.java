package io.millrace.processors.function;

import io.millrace.processors.api.CreateEventSourceMappingRequest;
import io.millrace.processors.api.InvalidParameterValueException;
import java.time.Duration;

/**
 * A function under its name.
 *
 * @param name what mappings call it
 * @param function the code
 * @param timeout how long a call may take, 1 millisecond to 15 minutes
 */
public record RegisteredFunction(String name, ProcessorFunction function, Duration timeout) {

  /** The longest timeout. */
  public static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);

  public RegisteredFunction {
    CreateEventSourceMappingRequest.checkFunctionName(name);
    if (timeout.toMillis() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new InvalidParameterValueException(
          "Timeout must be between 1 ms and %s, not %s.".formatted(MAX_TIMEOUT, timeout));
    }
  }
}
