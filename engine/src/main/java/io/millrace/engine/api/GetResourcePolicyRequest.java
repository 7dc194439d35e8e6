package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.RESOURCE_ARN;

/**
 * GetResourcePolicy: the policy of a stream or a registered consumer. Refused with {@link
 * ResourceNotFoundException} when it has none.
 *
 * @param resourceARN the stream or the consumer; required
 */
public record GetResourcePolicyRequest(String resourceARN) implements ResourceRequest {

  @Override
  public void validate() {
    new Violations()
        .required("resourceARN", resourceARN)
        .text("resourceARN", resourceARN, RESOURCE_ARN)
        .throwIfAny();
  }
}
