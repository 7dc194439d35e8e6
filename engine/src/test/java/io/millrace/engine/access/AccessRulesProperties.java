package io.millrace.engine.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of all policies. */
class AccessRulesProperties {

  private static final String HOME = "000000000000";
  private static final String STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/";
  private static final PolicyDocument DENY_ALL =
      PolicyDocument.ofIdentity(
          """
          {"Version": "2012-10-17",
           "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
          """);

  @Provide
  Arbitrary<PolicyDocument> policies() {
    return statement()
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(
            statements ->
                PolicyDocument.ofIdentity(
                    "{\"Version\":\"2012-10-17\",\"Statement\":["
                        + String.join(",", statements)
                        + "]}"));
  }

  private static Arbitrary<String> statement() {
    return Combinators.combine(
            Arbitraries.of("Allow", "Deny"),
            Arbitraries.of("Action", "NotAction"),
            Arbitraries.of("*", "kinesis:*", "kinesis:Put*", "kinesis:GetRecords"),
            Arbitraries.of("*", STREAM + "orders", STREAM + "*s", STREAM + "bills"),
            Arbitraries.of(
                "",
                ",\"Condition\":{\"StringEquals\":{\"aws:username\":\"miller\"}}",
                ",\"Condition\":{\"StringEquals\":{\"aws:SourceVpc\":\"x\"}}",
                ",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}"))
        .as(
            (effect, member, action, resource, condition) ->
                "{\"Effect\":\"%s\",\"%s\":\"%s\",\"Resource\":\"%s\"%s}"
                    .formatted(effect, member, action, resource, condition));
  }

  @Provide
  Arbitrary<AccessRequest> requests() {
    return Combinators.combine(
            Arbitraries.of("miller", "baker"),
            Arbitraries.of("kinesis:PutRecord", "kinesis:GetRecords", "kinesis:DeleteStream"),
            Arbitraries.of("orders", "bills"),
            Arbitraries.of(true, false))
        .as(
            (user, action, stream, isSecure) ->
                new AccessRequest(
                    new AccessPrincipal(HOME, "arn:aws:iam::000000000000:user/" + user),
                    action,
                    STREAM + stream,
                    Map.of(
                        "aws:username", List.of(user),
                        "aws:SecureTransport", List.of(Boolean.toString(isSecure)))));
  }

  private static AccessDecision decide(AccessRequest request, List<PolicyDocument> identity) {
    return AccessRules.decide(request, identity, Optional.empty(), true);
  }

  @Property
  void aDenialWinsWhereverItStands(
      @ForAll("policies") PolicyDocument policy, @ForAll("requests") AccessRequest request) {
    assertThat(decide(request, List.of(policy, DENY_ALL))).isEqualTo(AccessDecision.FORBIDDEN);
    assertThat(decide(request, List.of(DENY_ALL, policy))).isEqualTo(AccessDecision.FORBIDDEN);
  }

  @Property
  void theOrderOfStatementsAndPoliciesDoesNotMatter(
      @ForAll("policies") PolicyDocument first,
      @ForAll("policies") PolicyDocument second,
      @ForAll("requests") AccessRequest request) {
    List<PolicyStatement> reversed = new ArrayList<>(first.statements());
    Collections.reverse(reversed);
    assertThat(decide(request, List.of(second, new PolicyDocument(reversed))))
        .isEqualTo(decide(request, List.of(first, second)));
  }

  @Property
  void whoeverAllowsMoreTakesNothingAway(
      @ForAll("policies") PolicyDocument policy,
      @ForAll("policies") PolicyDocument more,
      @ForAll("requests") AccessRequest request) {
    List<PolicyStatement> allowing =
        more.statements().stream().filter(statement -> statement.effect() == Effect.ALLOW).toList();
    AccessDecision before = decide(request, List.of(policy));
    AccessDecision after = decide(request, List.of(policy, new PolicyDocument(allowing)));
    if (before != AccessDecision.NOT_ALLOWED) {
      assertThat(after).isEqualTo(before);
    } else {
      assertThat(after).isNotEqualTo(AccessDecision.FORBIDDEN);
    }
  }

  @Property
  void whoeverDeniesMoreGivesNothing(
      @ForAll("policies") PolicyDocument policy,
      @ForAll("policies") PolicyDocument more,
      @ForAll("requests") AccessRequest request) {
    List<PolicyStatement> denying =
        more.statements().stream().filter(statement -> statement.effect() == Effect.DENY).toList();
    AccessDecision before = decide(request, List.of(policy));
    if (!before.isAllowed()) {
      assertThat(decide(request, List.of(policy, new PolicyDocument(denying))).isAllowed())
          .isFalse();
    }
  }

  @Property
  void anotherAccountNeverMayMoreThanOnesOwn(
      @ForAll("policies") PolicyDocument identity,
      @ForAll("policies") PolicyDocument resource,
      @ForAll("requests") AccessRequest request) {
    List<PolicyDocument> own = List.of(identity);
    if (AccessRules.decide(request, own, Optional.of(resource), false).isAllowed()) {
      assertThat(AccessRules.decide(request, own, Optional.of(resource), true).isAllowed())
          .isTrue();
    }
  }

  @Provide
  Arbitrary<String> globs() {
    return Arbitraries.strings().withChars("ab*?").ofMaxLength(8);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("ab").ofMaxLength(8);
  }

  @Property
  void patternsMatchLikeRegularExpressions(
      @ForAll("globs") String glob, @ForAll("texts") String text) {
    String regex =
        glob.chars()
            .mapToObj(
                c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf((char) c)))
            .collect(Collectors.joining());
    assertThat(Glob.matches(glob, text)).isEqualTo(text.matches(regex));
  }
}
