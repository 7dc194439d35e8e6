package io.millrace.processors.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** One alternative that a pattern gives for a leaf. Of an array one element must satisfy it. */
@FunctionalInterface
interface ValueTest {

  /** Whether a value, which may be missing, satisfies it. */
  boolean matches(JsonNode value);

  /** The alternatives that an array lists. */
  static List<ValueTest> anyOf(String field, JsonNode list) throws InvalidPatternException {
    if (!list.isArray() || list.isEmpty()) {
      throw new InvalidPatternException("'%s' must be an array or an object".formatted(field));
    }
    List<ValueTest> tests = new ArrayList<>();
    for (JsonNode alternative : list) {
      tests.add(of(alternative));
    }
    return List.copyOf(tests);
  }

  private static ValueTest of(JsonNode alternative) throws InvalidPatternException {
    if (alternative.isArray()) {
      throw new InvalidPatternException("an array cannot stand in an array");
    }
    if (!alternative.isObject()) {
      return leaf(value -> isSame(alternative, value));
    }
    Set<Map.Entry<String, JsonNode>> operators = alternative.properties();
    if (operators.size() != 1) {
      throw new InvalidPatternException(
          "one operator must stand alone in %s".formatted(alternative));
    }
    Map.Entry<String, JsonNode> operator = operators.iterator().next();
    JsonNode operand = operator.getValue();
    return switch (operator.getKey()) {
      case "anything-but" -> anythingBut(operand);
      case "numeric" -> leaf(value -> value.isNumber(), numeric(operand));
      case "exists" -> exists(operand);
      case "prefix" -> {
        String prefix = text(operator);
        yield leaf(JsonNode::isTextual, value -> value.textValue().startsWith(prefix));
      }
      case "suffix" -> {
        String suffix = text(operator);
        yield leaf(JsonNode::isTextual, value -> value.textValue().endsWith(suffix));
      }
      case "equals-ignore-case" -> {
        String folded = text(operator).toLowerCase(Locale.ROOT);
        yield leaf(
            JsonNode::isTextual,
            value -> value.textValue().toLowerCase(Locale.ROOT).equals(folded));
      }
      default ->
          throw new InvalidPatternException(
              "there is no operator '%s'".formatted(operator.getKey()));
    };
  }

  private static String text(Map.Entry<String, JsonNode> operator) throws InvalidPatternException {
    if (!operator.getValue().isTextual()) {
      throw new InvalidPatternException("'%s' needs a string".formatted(operator.getKey()));
    }
    return operator.getValue().textValue();
  }

  private static ValueTest leaf(Predicate<JsonNode> test) {
    return leaf(value -> true, test);
  }

  private static ValueTest leaf(Predicate<JsonNode> kind, Predicate<JsonNode> test) {
    return value -> {
      if (value.isArray()) {
        for (JsonNode element : value) {
          if (isLeaf(element) && kind.test(element) && test.test(element)) {
            return true;
          }
        }
        return false;
      }
      return isLeaf(value) && kind.test(value) && test.test(value);
    };
  }

  private static boolean isLeaf(JsonNode value) {
    return value.isValueNode();
  }

  /** Strings are compared exactly, and plain numbers as they are written: 300 is not 300.0. */
  private static boolean isSame(JsonNode expected, JsonNode value) {
    return expected.isNumber()
        ? value.isNumber() && expected.asText().equals(value.asText())
        : expected.equals(value);
  }

  private static ValueTest anythingBut(JsonNode operand) throws InvalidPatternException {
    List<JsonNode> excluded = new ArrayList<>();
    (operand.isArray() ? operand : List.of(operand)).forEach(excluded::add);
    if (excluded.isEmpty()
        || !excluded.stream().allMatch(node -> node.isTextual() || node.isNumber())) {
      throw new InvalidPatternException("'anything-but' needs strings or numbers");
    }
    return leaf(value -> excluded.stream().noneMatch(node -> isSame(node, value)));
  }

  private static ValueTest exists(JsonNode operand) throws InvalidPatternException {
    if (!operand.isBoolean()) {
      throw new InvalidPatternException("'exists' needs true or false");
    }
    boolean wanted = operand.booleanValue();
    return value -> hasLeaf(value) == wanted;
  }

  private static boolean hasLeaf(JsonNode value) {
    if (value.isArray()) {
      for (JsonNode element : value) {
        if (isLeaf(element)) {
          return true;
        }
      }
      return false;
    }
    return isLeaf(value);
  }

  private static Predicate<JsonNode> numeric(JsonNode operand) throws InvalidPatternException {
    if (!operand.isArray() || operand.isEmpty() || operand.size() % 2 != 0) {
      throw new InvalidPatternException("'numeric' needs pairs of a comparison and a number");
    }
    Predicate<JsonNode> all = value -> true;
    for (int i = 0; i < operand.size(); i += 2) {
      if (!operand.get(i + 1).isNumber()) {
        throw new InvalidPatternException("'numeric' compares with numbers");
      }
      all = all.and(comparison(operand.get(i).asText(), operand.get(i + 1).decimalValue()));
    }
    return all;
  }

  private static Predicate<JsonNode> comparison(String operator, BigDecimal bound)
      throws InvalidPatternException {
    return switch (operator) {
      case "=" -> value -> value.decimalValue().compareTo(bound) == 0;
      case "<" -> value -> value.decimalValue().compareTo(bound) < 0;
      case "<=" -> value -> value.decimalValue().compareTo(bound) <= 0;
      case ">" -> value -> value.decimalValue().compareTo(bound) > 0;
      case ">=" -> value -> value.decimalValue().compareTo(bound) >= 0;
      default ->
          throw new InvalidPatternException("there is no comparison '%s'".formatted(operator));
    };
  }
}
