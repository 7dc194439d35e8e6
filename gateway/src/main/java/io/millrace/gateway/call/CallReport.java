package io.millrace.gateway.call;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A call that has ended.
 *
 * @param time when it came
 * @param requestId the id that its client was told
 * @param call the call
 * @param caller who made it; empty when that could not be found out
 * @param operation the operation's name in the API
 * @param members the members of the request, as far as they were read
 * @param response makes the members of the response in JSON; empty without a response, or one that
 *     has no members
 * @param error what it failed with, if it did
 */
public record CallReport(
    Instant time,
    String requestId,
    Call call,
    Optional<Caller> caller,
    String operation,
    Map<String, Object> members,
    Optional<Supplier<byte[]>> response,
    Optional<Failure> error) {

  /**
   * An error.
   *
   * @param code its name on the wire
   * @param message a sentence about it
   */
  public record Failure(String code, String message) {}
}
