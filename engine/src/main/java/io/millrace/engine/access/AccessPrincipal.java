package io.millrace.engine.access;

import static java.util.Objects.requireNonNull;

/**
 * Who makes a request.
 *
 * @param accountId his account, twelve digits
 * @param arn his ARN, {@code arn:aws:iam::123456789012:user/miller}
 */
public record AccessPrincipal(String accountId, String arn) {

  public AccessPrincipal {
    requireNonNull(accountId, "accountId");
    requireNonNull(arn, "arn");
  }

  /** The last part of his ARN. */
  public String name() {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }
}
