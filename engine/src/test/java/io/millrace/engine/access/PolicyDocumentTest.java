package io.millrace.engine.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which documents are policies. */
class PolicyDocumentTest {

  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

  private static String with(String statement) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[" + statement + "]}";
  }

  private static String shared(String more) {
    return with(
        "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},"
            + "\"Action\":\"kinesis:PutRecord\",\"Resource\":\""
            + ARN
            + "\""
            + more
            + "}");
  }

  private static void refused(String policy) {
    assertThatThrownBy(() -> PolicyDocument.ofResource(policy, ARN))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessageStartingWith("Invalid policy: ");
  }

  private static void accepted(String policy) {
    assertThatCode(() -> PolicyDocument.ofResource(policy, ARN)).doesNotThrowAnyException();
  }

  @Test
  void aResourceNamesWhoMayDoWhatToIt() {
    accepted(shared(""));
    accepted(shared("").replace("[", "").replace("]", ""));
    accepted(shared("").replace("{\"AWS\":\"123456789012\"}", "\"*\""));
    accepted(shared("").replace("\"123456789012\"", "[\"*\",\"arn:aws:iam::123456789012:root\"]"));
    accepted(shared("").replace(ARN, "*"));
    accepted(shared("").replace("stream/orders", "stream/*"));
    accepted(shared("").replace("\"Principal\"", "\"NotPrincipal\""));
    accepted(shared("").replace("\"Action\"", "\"NotAction\""));
    accepted(shared(",\"Sid\":\"A\"").replace("{\"Version\"", "{\"Id\":\"x\",\"Version\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Sid\":\"a\",\"Sid\":\"b\"",
        "\"Unknown\":1",
        "\"NotAction\":\"kinesis:*\"",
        "\"NotResource\":\"*\"",
        "\"Condition\":[]",
        "\"Condition\":{\"StringEquals\":\"x\"}",
        "\"Condition\":{\"StringEquals\":{\"aws:username\":[]}}",
        "\"Condition\":{\"StringEquals\":{\"aws:username\":null}}",
        "\"Condition\":{\"StringMatches\":{\"aws:username\":\"x\"}}",
        "\"Condition\":{\"stringequals\":{\"aws:username\":\"x\"}}",
        "\"Condition\":{\"SomeValues:StringEquals\":{\"aws:username\":\"x\"}}",
        "\"Condition\":{\"NullIfExists\":{\"aws:username\":\"true\"}}",
        "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"perhaps\"}}",
        "\"Condition\":{\"NumericEquals\":{\"aws:EpochTime\":\"one\"}}",
        "\"Condition\":{\"DateLessThan\":{\"aws:CurrentTime\":\"tomorrow\"}}",
        "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/33\"}}",
        "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"example.org\"}}",
        "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"1.2.3.400\"}}",
        "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"1.2.3.4.5\"}}",
        "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\".:1\"}}",
        "\"Condition\":{\"ArnLike\":{\"aws:PrincipalArn\":\"miller\"}}",
        "\"Condition\":{\"StringEquals\":{\"aws:username\":\"${aws:userid}\"}}"
      })
  void somethingIsNoPartOfAStatement(String member) {
    refused(shared("," + member));
  }

  @Test
  void aResourcePolicySpeaksOfNothingElse() {
    refused(shared("").replace(ARN, ARN + "-2"));
    refused(shared("").replace("kinesis:PutRecord", "s3:PutObject"));
    refused(shared("").replace("kinesis:PutRecord", "*"));
    refused(shared("").replace("kinesis:PutRecord", "PutRecord"));
    refused(shared("").replace("\"AWS\"", "\"Service\""));
    refused(shared("").replace("123456789012", "miller"));
    refused(shared("").replace("123456789012", "arn:aws:iam::123456789012:user/*"));
    refused(shared("").replace("Allow", "allow"));
    refused(shared("").replace("2012-10-17", "2012-10-18"));
    refused(with(""));
    refused("{\"Version\":\"2012-10-17\"}");
    refused(shared("") + " {}");
    refused("");
    refused("null");
    refused(shared(",\"Sid\":\"" + "ä".repeat(10 * 1024) + "\""));
  }

  @Test
  void thePolicyOfAnIdentityNamesNoPrincipal() {
    assertThatThrownBy(() -> PolicyDocument.ofIdentity(shared("")))
        .isInstanceOf(InvalidPolicyException.class)
        .hasMessageContaining("Principal");
    assertThat(
            PolicyDocument.ofIdentity(
                    with("{\"Effect\":\"Deny\",\"Action\":[\"s3:*\",\"*\"],\"Resource\":\"*\"}"))
                .statements())
        .hasSize(1);
  }
}
