package io.millrace.gateway.settings;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.access.AccessPrincipal;
import io.millrace.engine.access.PolicyDocument;
import java.util.List;
import java.util.Optional;

/**
 * A key that calls may be signed with.
 *
 * @param id its public part, not blank
 * @param secret its secret part, not blank
 * @param sessionToken what a call with it has to carry besides; empty for a key without one
 * @param principal whose key it is
 * @param policies what he may do; {@link PolicyDocument#FULL_ACCESS} unless configured
 */
public record AccessKey(
    String id,
    String secret,
    Optional<String> sessionToken,
    AccessPrincipal principal,
    List<PolicyDocument> policies) {

  /** The account of keys that are given without one. */
  public static final String DEFAULT_ACCOUNT = "000000000000";

  public AccessKey {
    requireNonNull(id, "id");
    requireNonNull(secret, "secret");
    requireNonNull(sessionToken, "sessionToken");
    requireNonNull(principal, "principal");
    policies = List.copyOf(policies);
    if (id.isBlank() || secret.isBlank()) {
      throw new IllegalArgumentException(
          id.isBlank() ? "an access key has no id" : "the access key " + id + " has no secret");
    }
  }

  /** A key of a user of the default account, who has its name and may do everything there. */
  public AccessKey(String id, String secret, Optional<String> sessionToken) {
    this(id, secret, sessionToken, user(DEFAULT_ACCOUNT, id), List.of(PolicyDocument.FULL_ACCESS));
  }

  /** A key without a session token. */
  public static AccessKey of(String id, String secret) {
    return new AccessKey(id, secret, Optional.empty());
  }

  /** A user of an account. */
  static AccessPrincipal user(String accountId, String name) {
    return new AccessPrincipal(accountId, "arn:aws:iam::%s:user/%s".formatted(accountId, name));
  }

  /** Without its secrets. */
  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
