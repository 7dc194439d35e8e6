package io.millrace.engine.access;

import static io.millrace.engine.access.AccessDecision.ALLOWED;
import static io.millrace.engine.access.AccessDecision.FORBIDDEN;
import static io.millrace.engine.access.AccessDecision.NOT_ALLOWED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies say of requests. */
class AccessRulesTest {

  private static final String HOME = "000000000000";
  private static final String ARN = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
  private static final AccessPrincipal MILLER =
      new AccessPrincipal(HOME, "arn:aws:iam::000000000000:user/miller");
  private static final AccessPrincipal GUEST =
      new AccessPrincipal("123456789012", "arn:aws:iam::123456789012:user/guest");

  private static AccessRequest request(AccessPrincipal principal, String action) {
    return new AccessRequest(principal, action, ARN, Map.of());
  }

  private static PolicyDocument identity(String effect, String action, String resource) {
    return PolicyDocument.ofIdentity(
        """
        {"Version": "2012-10-17",
         "Statement": {"Effect": "%s", "Action": "%s", "Resource": "%s"}}
        """
            .formatted(effect, action, resource));
  }

  private static Optional<PolicyDocument> shared(String effect, String who, String action) {
    return Optional.of(
        PolicyDocument.ofResource(
            """
            {"Version": "2012-10-17",
             "Statement": {"Effect": "%s", %s, "Action": "%s", "Resource": "%s"}}
            """
                .formatted(effect, who, action, ARN),
            ARN));
  }

  private static AccessDecision own(AccessRequest request, PolicyDocument... identity) {
    return AccessRules.decide(request, List.of(identity), Optional.empty(), true);
  }

  @Test
  void aValueThatIsTooLongToCompareFailsClosed() {
    for (int length : List.of(Condition.MAX_VALUE_LENGTH, Condition.MAX_VALUE_LENGTH + 1)) {
      AccessRequest asked =
          new AccessRequest(
              MILLER,
              "kinesis:PutRecord",
              ARN,
              Map.of(ConditionKeys.USER_AGENT, List.of("x".repeat(length))));
      Condition condition =
          new Condition(
              Condition.Quantifier.ONE,
              ConditionOperator.STRING_LIKE,
              false,
              ConditionKeys.USER_AGENT,
              List.of("*"));

      assertThat(condition.holds(asked))
          .isEqualTo(length > Condition.MAX_VALUE_LENGTH ? Truth.UNKNOWN : Truth.TRUE);
    }
  }

  @Test
  void refusesPatternsThatAreTooLong() {
    identity("Allow", "kinesis:*", "arn:" + "x".repeat(2044));
    assertThatThrownBy(() -> identity("Allow", "kinesis:*", "arn:" + "x".repeat(2045)))
        .isInstanceOf(InvalidPolicyException.class);
  }

  @Test
  void nothingIsAllowedThatNobodyAllows() {
    assertThat(own(request(MILLER, "kinesis:PutRecord"))).isEqualTo(NOT_ALLOWED);
    assertThat(own(request(MILLER, "kinesis:PutRecord"), PolicyDocument.FULL_ACCESS))
        .isEqualTo(ALLOWED);
  }

  @ParameterizedTest
  @CsvSource({
    "kinesis:PutRecord, *, true",
    "KINESIS:putrecord, *, true",
    "kinesis:Put*, *, true",
    "kinesis:PutRecor?, *, true",
    "*, *, true",
    "kinesis:PutRecords, *, false",
    "kinesis:Get*, *, false",
    "s3:*, *, false",
    "kinesis:*, arn:aws:kinesis:us-east-1:000000000000:stream/orders, true",
    "kinesis:*, arn:aws:kinesis:*:000000000000:stream/o*s, true",
    "kinesis:*, arn:aws:kinesis:us-east-1:000000000000:stream/Orders, false",
    "kinesis:*, arn:aws:kinesis:us-east-1:000000000000:stream/order, false"
  })
  void actionsAndResourcesArePatterns(String action, String resource, boolean isAllowed) {
    assertThat(
            own(request(MILLER, "kinesis:PutRecord"), identity("Allow", action, resource))
                .isAllowed())
        .isEqualTo(isAllowed);
  }

  @Test
  void allButWhatIsNamedCanBeMeant() {
    PolicyDocument allButDeletion =
        PolicyDocument.ofIdentity(
            """
            {"Version": "2012-10-17", "Statement":
              {"Effect": "Allow", "NotAction": "kinesis:Delete*", "NotResource": "arn:*/bills"}}
            """);
    assertThat(own(request(MILLER, "kinesis:PutRecord"), allButDeletion)).isEqualTo(ALLOWED);
    assertThat(own(request(MILLER, "kinesis:DeleteStream"), allButDeletion)).isEqualTo(NOT_ALLOWED);
    assertThat(
            own(
                new AccessRequest(
                    MILLER, "kinesis:PutRecord", ARN.replace("orders", "bills"), Map.of()),
                allButDeletion))
        .isEqualTo(NOT_ALLOWED);
  }

  @Test
  void withinAnAccountOneSideSuffices() {
    AccessRequest put = request(MILLER, "kinesis:PutRecord");
    String miller = "\"Principal\": {\"AWS\": \"%s\"}".formatted(MILLER.arn());

    assertThat(AccessRules.decide(put, List.of(), shared("Allow", miller, "kinesis:Put*"), true))
        .isEqualTo(ALLOWED);
    assertThat(AccessRules.decide(put, List.of(), shared("Allow", miller, "kinesis:Get*"), true))
        .isEqualTo(NOT_ALLOWED);
    assertThat(
            AccessRules.decide(
                put,
                List.of(PolicyDocument.FULL_ACCESS),
                shared("Deny", "\"Principal\": \"*\"", "kinesis:*"),
                true))
        .isEqualTo(FORBIDDEN);
    assertThat(
            AccessRules.decide(
                put,
                List.of(identity("Deny", "kinesis:Put*", "*")),
                shared("Allow", miller, "kinesis:*"),
                true))
        .isEqualTo(FORBIDDEN);
  }

  @Test
  void fromAnotherAccountBothHaveToAllow() {
    AccessRequest put = request(GUEST, "kinesis:PutRecord");
    List<PolicyDocument> full = List.of(PolicyDocument.FULL_ACCESS);
    Optional<PolicyDocument> shared =
        shared("Allow", "\"Principal\": {\"AWS\": \"123456789012\"}", "kinesis:PutRecord");

    assertThat(AccessRules.decide(put, full, shared, false)).isEqualTo(ALLOWED);
    assertThat(AccessRules.decide(put, List.of(), shared, false)).isEqualTo(NOT_ALLOWED);
    assertThat(AccessRules.decide(put, full, Optional.empty(), false)).isEqualTo(NOT_ALLOWED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'Principal': '*' | true",
        "'Principal': {'AWS': '*'} | true",
        "'Principal': {'AWS': '123456789012'} | true",
        "'Principal': {'AWS': 'arn:aws:iam::123456789012:root'} | true",
        "'Principal': {'AWS': 'arn:aws:iam::123456789012:user/guest'} | true",
        "'Principal': {'AWS': ['999999999999', 'arn:aws:iam::123456789012:user/guest']} | true",
        "'Principal': {'AWS': '999999999999'} | false",
        "'Principal': {'AWS': 'arn:aws:iam::999999999999:root'} | false",
        "'Principal': {'AWS': 'arn:aws:iam::123456789012:user/gues'} | false",
        "'NotPrincipal': {'AWS': '123456789012'} | false",
        "'NotPrincipal': {'AWS': '999999999999'} | true"
      })
  void principalsAreAccountsOrUsers(String principal, boolean isMeant) {
    assertThat(
            AccessRules.decide(
                    request(GUEST, "kinesis:PutRecord"),
                    List.of(PolicyDocument.FULL_ACCESS),
                    shared("Allow", principal.replace('\'', '"'), "kinesis:*"),
                    false)
                .isAllowed())
        .isEqualTo(isMeant);
  }

  /** Each key has one value, TagKeys two, and the key of an absent tag none. */
  private static final Map<String, List<String>> CONTEXT =
      Map.ofEntries(
          Map.entry("aws:ResourceTag/Team", List.of("mill")),
          Map.entry("aws:RequestTag/size", List.of("17")),
          Map.entry("aws:TagKeys", List.of("size", "color")),
          Map.entry("aws:SourceIp", List.of("10.1.2.3")),
          Map.entry("aws:SecureTransport", List.of("true")),
          Map.entry("aws:CurrentTime", List.of("2026-03-01T12:00:00Z")),
          Map.entry("aws:EpochTime", List.of("1772366400")),
          Map.entry("aws:PrincipalArn", List.of("arn:aws:iam::000000000000:user/miller")),
          Map.entry("aws:username", List.of("miller")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "StringEquals | aws:ResourceTag/team | mill | TRUE",
        "StringEquals | aws:ResourceTag/team | Mill | FALSE",
        "StringEquals | aws:ResourceTag/team | x,mill | TRUE",
        "StringEquals | aws:ResourceTag/absent | x | FALSE",
        "StringEqualsIfExists | aws:ResourceTag/absent | x | TRUE",
        "StringEqualsIfExists | aws:ResourceTag/team | x | FALSE",
        "StringNotEquals | aws:ResourceTag/team | x | TRUE",
        "StringNotEquals | aws:ResourceTag/team | x,mill | FALSE",
        "StringNotEquals | aws:ResourceTag/absent | x | TRUE",
        "StringEqualsIgnoreCase | aws:username | MILLER | TRUE",
        "StringNotEqualsIgnoreCase | aws:username | MILLER | FALSE",
        "StringLike | aws:username | mil*r | TRUE",
        "StringLike | aws:username | mil? | FALSE",
        "StringNotLike | aws:username | mil? | TRUE",
        "NumericEquals | aws:RequestTag/size | 17.0 | TRUE",
        "NumericNotEquals | aws:RequestTag/size | 17 | FALSE",
        "NumericLessThan | aws:RequestTag/size | 17 | FALSE",
        "NumericLessThanEquals | aws:RequestTag/size | 17 | TRUE",
        "NumericGreaterThan | aws:RequestTag/size | 9 | TRUE",
        "NumericGreaterThanEquals | aws:RequestTag/size | 18 | FALSE",
        "NumericEquals | aws:username | 17 | UNKNOWN",
        "DateLessThan | aws:CurrentTime | 2026-03-01T13:00:00+00:00 | TRUE",
        "DateGreaterThan | aws:CurrentTime | 2026-03-01 | TRUE",
        "DateEquals | aws:CurrentTime | 2026-03-01T13:00:00+01:00 | TRUE",
        "DateNotEquals | aws:CurrentTime | 2026-03-01 | TRUE",
        "DateLessThanEquals | aws:EpochTime | 1772366400 | TRUE",
        "DateGreaterThanEquals | aws:EpochTime | 1772366401 | FALSE",
        "Bool | aws:SecureTransport | true | TRUE",
        "Bool | aws:SecureTransport | false | FALSE",
        "Bool | aws:username | true | UNKNOWN",
        "IpAddress | aws:SourceIp | 10.0.0.0/8 | TRUE",
        "IpAddress | aws:SourceIp | 10.1.2.3 | TRUE",
        "IpAddress | aws:SourceIp | 10.1.2.0/31 | FALSE",
        "IpAddress | aws:SourceIp | 10.1.2.2/31 | TRUE",
        "IpAddress | aws:SourceIp | 0.0.0.0/0 | TRUE",
        "IpAddress | aws:SourceIp | ::/0 | FALSE",
        "NotIpAddress | aws:SourceIp | 10.0.0.0/8 | FALSE",
        "NotIpAddress | aws:SourceIp | 192.168.0.0/16 | TRUE",
        "ArnEquals | aws:PrincipalArn | arn:aws:iam::*:user/miller | TRUE",
        "ArnLike | aws:PrincipalArn | arn:aws:iam::*:user/* | TRUE",
        "ArnLike | aws:PrincipalArn | arn:*:user/miller:*:*:* | FALSE",
        "ArnNotLike | aws:PrincipalArn | arn:aws:iam::*:role/* | TRUE",
        "ArnNotEquals | aws:PrincipalArn | arn:aws:iam::000000000000:user/miller | FALSE",
        "Null | aws:ResourceTag/absent | true | TRUE",
        "Null | aws:ResourceTag/absent | false | FALSE",
        "Null | aws:ResourceTag/team | false | TRUE",
        "ForAllValues:StringEquals | aws:TagKeys | size,color,weight | TRUE",
        "ForAllValues:StringEquals | aws:TagKeys | size | FALSE",
        "ForAllValues:StringEquals | aws:RequestTag/absent | size | TRUE",
        "ForAnyValue:StringEquals | aws:TagKeys | size | TRUE",
        "ForAnyValue:StringEquals | aws:TagKeys | weight | FALSE",
        "ForAnyValue:StringEquals | aws:RequestTag/absent | size | FALSE",
        "ForAnyValue:StringNotEquals | aws:TagKeys | size | TRUE",
        "ForAllValues:StringNotEquals | aws:TagKeys | size | FALSE",
        "StringEquals | aws:TagKeys | size | UNKNOWN",
        "StringEquals | aws:SourceVpce | vpce-1 | UNKNOWN",
        "StringNotEquals | aws:SourceVpce | vpce-1 | UNKNOWN",
        "StringEqualsIfExists | kinesis:unheard | x | UNKNOWN",
        "Null | aws:SourceVpce | true | UNKNOWN",
        "StringEquals | aws:ResourceTag/ | mill | UNKNOWN"
      })
  void conditionsHold(String operator, String key, String values, Truth expected) {
    String wanted = "[\"" + values.replace(",", "\",\"") + "\"]";
    String condition = "{\"%s\": {\"%s\": %s}}".formatted(operator, key, wanted);
    AccessRequest request = new AccessRequest(MILLER, "kinesis:PutRecord", ARN, CONTEXT);

    assertThat(own(request, conditional("Allow", condition)))
        .isEqualTo(expected == Truth.TRUE ? ALLOWED : NOT_ALLOWED);
    assertThat(own(request, PolicyDocument.FULL_ACCESS, conditional("Deny", condition)))
        .isEqualTo(expected == Truth.FALSE ? ALLOWED : FORBIDDEN);
  }

  @Test
  void allConditionsHaveToHold() {
    AccessRequest request = new AccessRequest(MILLER, "kinesis:PutRecord", ARN, CONTEXT);
    String both =
        """
        {"StringEquals": {"aws:username": "%s", "aws:ResourceTag/team": "mill"},
         "Bool": {"aws:SecureTransport": %s}}
        """;

    assertThat(own(request, conditional("Allow", both.formatted("miller", "true"))))
        .isEqualTo(ALLOWED);
    assertThat(own(request, conditional("Allow", both.formatted("baker", "true"))))
        .isEqualTo(NOT_ALLOWED);
    assertThat(own(request, conditional("Allow", both.formatted("miller", "false"))))
        .isEqualTo(NOT_ALLOWED);
  }

  private static PolicyDocument conditional(String effect, String condition) {
    return PolicyDocument.ofIdentity(
        """
        {"Version": "2012-10-17", "Statement": {"Effect": "%s", "Action": "kinesis:*",
         "Resource": "*", "Condition": %s}}
        """
            .formatted(effect, condition));
  }
}
