package io.millrace.engine.access;

import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How policies are weighed: nothing is allowed unless a statement allows it, and what a statement
 * forbids is forbidden. Within one account either side may allow, from another account both have
 * to. (Policy evaluation logic of AWS IAM, without boundaries and organizations.)
 */
public final class AccessRules {

  private AccessRules() {}

  /**
   * Decides about a request.
   *
   * @param identity the policies of who makes it
   * @param resource the policy of what it is about, if it has one
   * @param isSameAccount whether both belong to one account
   */
  public static AccessDecision decide(
      AccessRequest request,
      Collection<PolicyDocument> identity,
      Optional<PolicyDocument> resource,
      boolean isSameAccount) {
    if (Stream.concat(identity.stream(), resource.stream())
        .anyMatch(policy -> policy.forbids(request))) {
      return AccessDecision.FORBIDDEN;
    }
    boolean identityAllows = identity.stream().anyMatch(policy -> policy.allows(request));
    boolean resourceAllows = resource.filter(policy -> policy.allows(request)).isPresent();
    boolean isAllowed =
        isSameAccount ? identityAllows || resourceAllows : identityAllows && resourceAllows;
    return isAllowed ? AccessDecision.ALLOWED : AccessDecision.NOT_ALLOWED;
  }
}
