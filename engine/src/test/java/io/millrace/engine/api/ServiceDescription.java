package io.millrace.engine.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The published description of the API: shapes and their constraints. */
final class ServiceDescription {

  private final JsonNode root;

  private ServiceDescription(JsonNode root) {
    this.root = root;
  }

  static ServiceDescription read() {
    try (InputStream in =
        ServiceDescription.class.getResourceAsStream("/kinesis-2013-12-02.json")) {
      return new ServiceDescription(new ObjectMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Shape input(String operation) {
    return shape(root.at("/operations/" + operation + "/input/shape").asText());
  }

  Shape shape(String name) {
    return new Shape(name, root.at("/shapes/" + name));
  }

  /** One member of a structure. */
  record Member(String name, boolean isRequired, Shape shape) {

    /** Its name in a validation message, and of the record component that holds it. */
    String path() {
      return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
  }

  /** One type. */
  final class Shape {
    private final String name;
    private final JsonNode node;

    Shape(String name, JsonNode node) {
      this.name = name;
      this.node = node;
    }

    String name() {
      return name;
    }

    String type() {
      return node.has("enum") ? "enum" : node.get("type").asText();
    }

    OptionalLong min() {
      return bound("min");
    }

    OptionalLong max() {
      return bound("max");
    }

    /** Null for none. */
    String pattern() {
      return node.has("pattern") ? node.get("pattern").asText() : null;
    }

    List<String> enumValues() {
      List<String> values = new ArrayList<>();
      node.get("enum").forEach(value -> values.add(value.asText()));
      return values;
    }

    /** What a list is of. */
    Shape element() {
      return shape(node.at("/member/shape").asText());
    }

    List<Member> members() {
      List<String> required = new ArrayList<>();
      node.path("required").forEach(value -> required.add(value.asText()));
      List<Member> members = new ArrayList<>();
      node.get("members")
          .fields()
          .forEachRemaining(
              field ->
                  members.add(
                      new Member(
                          field.getKey(),
                          required.contains(field.getKey()),
                          shape(field.getValue().get("shape").asText()))));
      return members;
    }

    private OptionalLong bound(String key) {
      return node.has(key) ? OptionalLong.of(node.get(key).asLong()) : OptionalLong.empty();
    }
  }
}
