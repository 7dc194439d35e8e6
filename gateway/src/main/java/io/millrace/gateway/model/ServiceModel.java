package io.millrace.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.api.Constraints.Range;
import io.millrace.engine.api.Constraints.Text;
import io.millrace.gateway.model.Shape.Kind;
import io.millrace.gateway.model.Shape.Member;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The published description of the API. Immutable. */
public final class ServiceModel {

  /** What stands before the operation's name in {@code X-Amz-Target}. */
  public static final String TARGET_PREFIX = "Kinesis_20131202.";

  private static final String RESOURCE = "kinesis-2013-12-02.json";

  /**
   * Numbers whose upper bound is not a constraint here: the engine refuses what is above it as an
   * invalid argument, as the documentation of GetRecords has it.
   */
  private static final Set<String> BOUNDED_BY_THE_ENGINE = Set.of("GetRecordsInputLimit");

  private static final Shape NOTHING =
      new Shape("Nothing", Kind.STRUCTURE, null, null, List.of(), Map.of(), null, null);

  private final Map<String, OperationModel> operations;

  /**
   * An operation.
   *
   * @param name its name
   * @param input the type of its request; without members when it has none
   * @param output the type of its response; empty when it answers with nothing
   */
  public record OperationModel(String name, Shape input, Optional<Shape> output) {}

  private ServiceModel(Map<String, OperationModel> operations) {
    this.operations = Map.copyOf(operations);
  }

  /** Reads the description that comes with this class. */
  public static ServiceModel load() {
    try (InputStream in = ServiceModel.class.getResourceAsStream(RESOURCE)) {
      return new Reading(new ObjectMapper().readTree(in)).model();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The operation of this name. */
  public Optional<OperationModel> operation(String name) {
    return Optional.ofNullable(operations.get(name));
  }

  /** The names of all operations. */
  public Set<String> operations() {
    return operations.keySet();
  }

  /** Builds each shape once. */
  private static final class Reading {

    private final JsonNode root;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    Reading(JsonNode root) {
      this.root = root;
    }

    ServiceModel model() {
      Map<String, OperationModel> operations = new LinkedHashMap<>();
      root.get("operations")
          .fields()
          .forEachRemaining(
              field ->
                  operations.put(
                      field.getKey(),
                      new OperationModel(
                          field.getKey(),
                          reference(field.getValue().path("input")).orElse(NOTHING),
                          reference(field.getValue().path("output")))));
      return new ServiceModel(operations);
    }

    private Optional<Shape> reference(JsonNode node) {
      return node.isMissingNode()
          ? Optional.empty()
          : Optional.of(shape(node.get("shape").asText()));
    }

    private Shape shape(String name) {
      Shape known = shapes.get(name);
      if (known == null) {
        known = build(name, root.get("shapes").get(name));
        shapes.put(name, known);
      }
      return known;
    }

    private Shape build(String name, JsonNode node) {
      Kind kind = kind(node);
      return new Shape(
          name,
          kind,
          kind == Kind.TEXT ? text(node) : null,
          range(name, node),
          texts(node.path("enum")),
          members(node),
          reference(node.path(kind == Kind.MAP ? "value" : "member")).orElse(null),
          reference(node.path("key")).orElse(null));
    }

    private static Kind kind(JsonNode node) {
      String type = node.get("type").asText();
      return switch (type) {
        case "structure" -> Kind.STRUCTURE;
        case "list" -> Kind.LIST;
        case "map" -> Kind.MAP;
        case "string" -> node.has("enum") ? Kind.ENUM : Kind.TEXT;
        case "integer" -> Kind.INTEGER;
        case "long" -> Kind.LONG;
        case "boolean" -> Kind.BOOLEAN;
        case "timestamp" -> Kind.TIMESTAMP;
        case "blob" -> Kind.BLOB;
        default -> throw new IllegalStateException("no such type: " + type);
      };
    }

    private static Text text(JsonNode node) {
      int min = node.path("min").asInt(0);
      int max = node.path("max").asInt(Integer.MAX_VALUE);
      return node.has("pattern")
          ? Text.matching(min, max, node.get("pattern").asText())
          : Text.sized(min, max);
    }

    private static Range range(String name, JsonNode node) {
      boolean isBounded = !BOUNDED_BY_THE_ENGINE.contains(name);
      return new Range(
          node.path("min").asInt(Integer.MIN_VALUE),
          isBounded ? node.path("max").asInt(Integer.MAX_VALUE) : Integer.MAX_VALUE);
    }

    private Map<String, Member> members(JsonNode node) {
      List<String> required = texts(node.path("required"));
      Map<String, Member> members = new LinkedHashMap<>();
      node.path("members")
          .fields()
          .forEachRemaining(
              field -> {
                String name = field.getKey();
                members.put(
                    name,
                    Member.of(
                        name,
                        required.contains(name),
                        shape(field.getValue().get("shape").asText())));
              });
      return members;
    }

    private static List<String> texts(JsonNode array) {
      List<String> texts = new ArrayList<>();
      array.forEach(text -> texts.add(text.asText()));
      return texts;
    }
  }
}
