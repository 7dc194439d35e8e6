package io.millrace.processors.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pattern says of an object: every field that it names must match, and of each {@code $or}
 * one of the alternatives.
 *
 * @param values tests of leaves, by field; one of each must hold
 * @param objects patterns of nested objects, by field
 * @param alternatives of {@code $or}; none: there is no {@code $or}
 */
record ObjectPattern(
    Map<String, List<ValueTest>> values,
    Map<String, ObjectPattern> objects,
    List<ObjectPattern> alternatives) {

  static final String OR = "$or";

  static ObjectPattern of(JsonNode pattern) throws InvalidPatternException {
    if (!pattern.isObject() || pattern.isEmpty()) {
      throw new InvalidPatternException("it must be a JSON object with a field");
    }
    Map<String, List<ValueTest>> values = new HashMap<>();
    Map<String, ObjectPattern> objects = new HashMap<>();
    List<ObjectPattern> alternatives = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : pattern.properties()) {
      JsonNode expected = field.getValue();
      if (field.getKey().equals(OR)) {
        alternatives.addAll(alternatives(expected));
      } else if (expected.isObject()) {
        objects.put(field.getKey(), of(expected));
      } else {
        values.put(field.getKey(), ValueTest.anyOf(field.getKey(), expected));
      }
    }
    return new ObjectPattern(Map.copyOf(values), Map.copyOf(objects), List.copyOf(alternatives));
  }

  private static List<ObjectPattern> alternatives(JsonNode list) throws InvalidPatternException {
    if (!list.isArray() || list.isEmpty()) {
      throw new InvalidPatternException("$or must be an array of patterns");
    }
    List<ObjectPattern> patterns = new ArrayList<>();
    for (JsonNode alternative : list) {
      patterns.add(of(alternative));
    }
    return patterns;
  }

  /** Whether a node, which may be missing, matches. */
  boolean matches(JsonNode node) {
    return values.entrySet().stream()
            .allMatch(field -> matches(field.getValue(), child(node, field.getKey())))
        && objects.entrySet().stream()
            .allMatch(field -> field.getValue().matches(child(node, field.getKey())))
        && (alternatives.isEmpty()
            || alternatives.stream().anyMatch(alternative -> alternative.matches(node)));
  }

  private static boolean matches(List<ValueTest> tests, JsonNode value) {
    return tests.stream().anyMatch(test -> test.matches(value));
  }

  private static JsonNode child(JsonNode node, String field) {
    return node.isObject() ? node.path(field) : MissingNode.getInstance();
  }
}
