package io.millrace.gateway.settings;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A key that calls may be signed with.
 *
 * @param id its public part
 * @param secret its secret part
 * @param sessionToken what a call with it has to carry besides; empty for a key without one
 */
public record AccessKey(String id, String secret, Optional<String> sessionToken) {

  public AccessKey {
    requireNonNull(id, "id");
    requireNonNull(secret, "secret");
    requireNonNull(sessionToken, "sessionToken");
  }

  /** A key without a session token. */
  public static AccessKey of(String id, String secret) {
    return new AccessKey(id, secret, Optional.empty());
  }

  /** Without its secrets. */
  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
