package io.millrace.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.access.InvalidPolicyException;
import io.millrace.engine.access.PolicyDocument;
import org.junit.jupiter.api.Test;

/** How often policies are read. */
class ReadPoliciesTest {

  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

  private final ReadPolicies policies = new ReadPolicies();

  private static String policy(String action) {
    return """
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": "*",
     "Action": "kinesis:%s", "Resource": "%s"}}
    """
        .formatted(action, ARN);
  }

  @Test
  void readsAPolicyOnce() {
    PolicyDocument first = policies.of(policy("PutRecord"), ARN);

    assertThat(policies.of(policy("PutRecord"), ARN)).isSameAs(first);
    assertThat(policies.of(policy("GetRecords"), ARN)).isNotEqualTo(first);
  }

  @Test
  void readsAPolicyForEachResource() {
    policies.of(policy("PutRecord"), ARN);

    assertThatThrownBy(() -> policies.of(policy("PutRecord"), ARN + "-2"))
        .isInstanceOf(InvalidPolicyException.class);
  }

  @Test
  void forgetsWhatWasAskedForLongAgo() {
    PolicyDocument first = policies.of(policy("PutRecord"), ARN);
    for (int i = 0; i < ReadPolicies.MAX_POLICIES; i++) {
      policies.of(policy("Action" + i), ARN);
    }

    assertThat(policies.of(policy("PutRecord"), ARN)).isNotSameAs(first).isEqualTo(first);
  }
}
