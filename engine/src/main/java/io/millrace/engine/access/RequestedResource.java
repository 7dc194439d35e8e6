package io.millrace.engine.access;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * What a request is about, and what is attached to it.
 *
 * @param arn its ARN, as far as the request tells it
 * @param isThere whether there is such a stream, registered consumer or channel
 * @param tags its tags, values by keys
 * @param policy its policy, a document in JSON
 */
public record RequestedResource(
    String arn, boolean isThere, Map<String, String> tags, Optional<String> policy) {

  private static final int ACCOUNT_PART = 4;

  public RequestedResource {
    requireNonNull(arn, "arn");
    requireNonNull(policy, "policy");
    tags = Map.copyOf(tags);
  }

  /** Something that is not there. */
  public static RequestedResource missing(String arn) {
    return new RequestedResource(arn, false, Map.of(), Optional.empty());
  }

  /** The account that it belongs to, or would. */
  public String accountId() {
    String[] parts = arn.split(":", -1);
    return parts.length > ACCOUNT_PART ? parts[ACCOUNT_PART] : "";
  }
}
