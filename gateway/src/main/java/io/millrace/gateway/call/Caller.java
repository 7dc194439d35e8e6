package io.millrace.gateway.call;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.access.AccessPrincipal;
import io.millrace.engine.access.PolicyDocument;
import java.util.List;
import java.util.Optional;

/**
 * Who makes a call.
 *
 * @param accessKeyId the key that the call is signed with, if it is
 * @param principal whose key that is
 * @param policies what he may do
 */
public record Caller(
    Optional<String> accessKeyId, AccessPrincipal principal, List<PolicyDocument> policies) {

  public Caller {
    requireNonNull(accessKeyId, "accessKeyId");
    requireNonNull(principal, "principal");
    policies = List.copyOf(policies);
  }

  /** The owner of an account, who may do everything there. */
  public static Caller owner(String accountId) {
    return new Caller(
        Optional.empty(),
        new AccessPrincipal(accountId, "arn:aws:iam::" + accountId + ":root"),
        List.of(PolicyDocument.FULL_ACCESS));
  }

  /** The same, as a key claims to be his. */
  public Caller withAccessKeyId(String id) {
    return new Caller(Optional.of(id), principal, policies);
  }
}
