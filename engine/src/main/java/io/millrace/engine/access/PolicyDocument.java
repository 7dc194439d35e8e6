package io.millrace.engine.access;

import java.util.List;

/**
 * A policy. Read it with {@link #ofIdentity} or {@link #ofResource}.
 *
 * @param statements its statements, at least one
 */
public record PolicyDocument(List<PolicyStatement> statements) {

  /** The longest policy of a resource, in UTF-8 bytes. */
  public static final int MAX_BYTES = 20 * 1024;

  /** Everything is allowed: the policy of who has none. */
  public static final PolicyDocument FULL_ACCESS =
      ofIdentity(
          """
          {"Version": "2012-10-17",
           "Statement": {"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}}
          """);

  public PolicyDocument {
    statements = List.copyOf(statements);
  }

  /**
   * Reads a policy of who makes requests, which names no principal.
   *
   * @throws InvalidPolicyException saying what is wrong
   */
  public static PolicyDocument ofIdentity(String json) {
    return PolicyReader.ofIdentity().read(json);
  }

  /**
   * Reads a policy of a resource, which names principals and this resource alone.
   *
   * @param arn the resource
   * @throws InvalidPolicyException saying what is wrong
   */
  public static PolicyDocument ofResource(String json, String arn) {
    return PolicyReader.ofResource(arn).read(json);
  }

  /** What cannot be told does not allow. */
  boolean allows(AccessRequest request) {
    return statements.stream()
        .anyMatch(
            statement ->
                statement.effect() == Effect.ALLOW && statement.applies(request) == Truth.TRUE);
  }

  /** What cannot be told forbids. */
  boolean forbids(AccessRequest request) {
    return statements.stream()
        .anyMatch(
            statement ->
                statement.effect() == Effect.DENY && statement.applies(request) != Truth.FALSE);
  }
}
