package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.RESOURCE_ARN;

/**
 * PutResourcePolicy: gives a stream or a registered consumer a policy, in place of the one it has.
 * The engine keeps policies; it is the gateway that knows callers and asks policies about them.
 *
 * <p>Refused with {@link InvalidArgumentException} when the policy is not well formed, is longer
 * than 20 KiB, or speaks of other resources or services.
 *
 * @param resourceARN the stream or the consumer; required
 * @param policy a policy document in JSON; required
 */
public record PutResourcePolicyRequest(String resourceARN, String policy)
    implements ResourceRequest {

  @Override
  public void validate() {
    new Violations()
        .required("resourceARN", resourceARN)
        .text("resourceARN", resourceARN, RESOURCE_ARN)
        .required("policy", policy)
        .throwIfAny();
  }
}
