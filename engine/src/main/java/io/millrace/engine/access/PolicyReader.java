package io.millrace.engine.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.engine.access.Condition.Quantifier;
import io.millrace.engine.access.PolicyStatement.Selection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads policy documents and refuses whatever it does not understand, so that nothing is lost. */
final class PolicyReader {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
  private static final Set<String> DOCUMENT = Set.of("Version", "Id", "Statement");
  private static final Set<String> STATEMENT =
      Set.of(
          "Sid",
          "Effect",
          "Principal",
          "NotPrincipal",
          "Action",
          "NotAction",
          "Resource",
          "NotResource",
          "Condition");

  private static final Pattern ACTION = Pattern.compile("\\*|[a-z0-9-]+:[a-z0-9*?]+");
  private static final Pattern PRINCIPAL =
      Pattern.compile("\\*|\\d{12}|arn:[^:*?]+:(iam|sts)::\\d{12}:[^*?]+");
  private static final int MAX_TEXT_LENGTH = 2048;
  private static final String SERVICE = "kinesis:";
  private static final String IF_EXISTS = "IfExists";

  /** The resource whose policy is read; empty when it is that of an identity. */
  private final Optional<String> arn;

  private PolicyReader(Optional<String> arn) {
    this.arn = arn;
  }

  static PolicyReader ofIdentity() {
    return new PolicyReader(Optional.empty());
  }

  static PolicyReader ofResource(String arn) {
    return new PolicyReader(Optional.of(arn));
  }

  PolicyDocument read(String json) {
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    check(
        arn.isEmpty() || bytes <= PolicyDocument.MAX_BYTES,
        bytes,
        "bytes are more than the policy of a resource may have: " + PolicyDocument.MAX_BYTES);
    check(!json.contains("${"), "policy variables are not understood");
    JsonNode document = tree(json);
    checkMembers("a document", document, DOCUMENT);
    check(
        VERSIONS.contains(document.path("Version").asText()),
        "Version has to be one of " + VERSIONS);
    List<PolicyStatement> statements = new ArrayList<>();
    for (JsonNode statement : listed(document.path("Statement"))) {
      statements.add(statement(statement));
    }
    check(!statements.isEmpty(), "it has no Statement");
    return new PolicyDocument(statements);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException wrong) {
      throw new InvalidPolicyException("it is not JSON: " + wrong.getOriginalMessage());
    }
  }

  private PolicyStatement statement(JsonNode node) {
    checkMembers("a statement", node, STATEMENT);
    Effect effect =
        switch (node.path("Effect").asText()) {
          case "Allow" -> Effect.ALLOW;
          case "Deny" -> Effect.DENY;
          default -> throw new InvalidPolicyException("Effect has to be Allow or Deny");
        };
    return new PolicyStatement(
        effect,
        principals(node),
        actions(node),
        resources(node),
        conditions(node.path("Condition")));
  }

  private Selection principals(JsonNode statement) {
    if (arn.isEmpty()) {
      check(
          !statement.has("Principal") && !statement.has("NotPrincipal"),
          "the policy of an identity names no Principal");
      return Selection.EVERYTHING;
    }
    boolean isInverted = isInverted(statement, "Principal");
    JsonNode node = statement.path(isInverted ? "NotPrincipal" : "Principal");
    if (node.isTextual()) {
      check(node.asText().equals("*"), "a Principal is \"*\" or {\"AWS\": ...}");
      return new Selection(List.of("*"), isInverted);
    }
    checkMembers("a Principal", node, Set.of("AWS"));
    List<String> names = texts("Principal", node.path("AWS"));
    names.forEach(
        name -> check(PRINCIPAL.matcher(name).matches(), name, "is not a principal that is known"));
    return new Selection(names, isInverted);
  }

  private Selection actions(JsonNode statement) {
    boolean isInverted = isInverted(statement, "Action");
    List<String> actions =
        texts("Action", statement.path(isInverted ? "NotAction" : "Action")).stream()
            .map(action -> action.toLowerCase(Locale.ROOT))
            .toList();
    for (String action : actions) {
      check(ACTION.matcher(action).matches(), action, "is not an action");
      check(arn.isEmpty() || action.startsWith(SERVICE), action, "is not an action of kinesis");
    }
    return new Selection(actions, isInverted);
  }

  private Selection resources(JsonNode statement) {
    boolean isInverted = isInverted(statement, "Resource");
    List<String> resources =
        texts("Resource", statement.path(isInverted ? "NotResource" : "Resource"));
    for (String resource : resources) {
      check(resource.equals("*") || resource.startsWith("arn:"), resource, "is not a resource");
      check(
          arn.isEmpty() || Glob.matches(resource, arn.get()),
          resource,
          "does not match the resource whose policy it is");
    }
    return new Selection(resources, isInverted);
  }

  private static boolean isInverted(JsonNode statement, String member) {
    boolean isInverted = statement.has("Not" + member);
    check(
        isInverted != statement.has(member),
        member,
        "has to be in a statement, or its Not form, and not both");
    return isInverted;
  }

  private static List<Condition> conditions(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    check(node.isObject(), "Condition has to be an object");
    List<Condition> conditions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> operator : node.properties()) {
      check(operator.getValue().isObject(), operator.getKey(), "has to be an object");
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        conditions.add(condition(operator.getKey(), key.getKey(), key.getValue()));
      }
    }
    return conditions;
  }

  private static Condition condition(String operatorText, String key, JsonNode values) {
    String rest = operatorText;
    Quantifier quantifier = Quantifier.ONE;
    if (rest.startsWith("ForAllValues:")) {
      quantifier = Quantifier.ALL;
      rest = rest.substring("ForAllValues:".length());
    } else if (rest.startsWith("ForAnyValue:")) {
      quantifier = Quantifier.ANY;
      rest = rest.substring("ForAnyValue:".length());
    }
    boolean ifExists = rest.endsWith(IF_EXISTS);
    if (ifExists) {
      rest = rest.substring(0, rest.length() - IF_EXISTS.length());
    }
    ConditionOperator operator =
        ConditionOperator.named(rest)
            .orElseThrow(
                () ->
                    new InvalidPolicyException(
                        operatorText + " is not a condition operator that is known"));
    check(
        operator != ConditionOperator.NULL || (!ifExists && quantifier == Quantifier.ONE),
        "Null stands alone");
    List<String> wanted = texts(operatorText, values);
    wanted.forEach(
        value -> check(operator.takes(value), value, "is not a value of " + operatorText));
    return new Condition(quantifier, operator, ifExists, key.toLowerCase(Locale.ROOT), wanted);
  }

  /** One text, or several; numbers and truth values count as texts. */
  private static List<String> texts(String what, JsonNode node) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : listed(node)) {
      check(each.isValueNode() && !each.isNull(), what, "has to be text");
      check(
          each.asText().length() <= MAX_TEXT_LENGTH,
          what,
          "is longer than " + MAX_TEXT_LENGTH + " characters");
      texts.add(each.asText());
    }
    check(!texts.isEmpty(), what, "is empty");
    return texts;
  }

  /** A list, or what stands for a list of one. */
  private static Iterable<JsonNode> listed(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    return node.isArray() ? node : List.of(node);
  }

  private static void checkMembers(String what, JsonNode node, Set<String> allowed) {
    check(node.isObject(), what, "has to be an object");
    Iterator<String> names = node.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      check(allowed.contains(name), name, "is not a member of " + what);
    }
  }

  private static void check(boolean isFine, String complaint) {
    if (!isFine) {
      throw new InvalidPolicyException(complaint);
    }
  }

  private static void check(boolean isFine, Object subject, String complaint) {
    if (!isFine) {
      throw new InvalidPolicyException(subject + " " + complaint);
    }
  }
}
