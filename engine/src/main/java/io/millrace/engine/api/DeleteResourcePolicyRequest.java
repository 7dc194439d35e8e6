package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.RESOURCE_ARN;

/**
 * DeleteResourcePolicy: takes the policy from a stream or a registered consumer. One that has none
 * is refused with {@link ResourceNotFoundException}.
 *
 * @param resourceARN the stream or the consumer; required
 */
public record DeleteResourcePolicyRequest(String resourceARN) implements ResourceRequest {

  @Override
  public void validate() {
    new Violations()
        .required("resourceARN", resourceARN)
        .text("resourceARN", resourceARN, RESOURCE_ARN)
        .throwIfAny();
  }
}
