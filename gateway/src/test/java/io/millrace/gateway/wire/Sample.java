package io.millrace.gateway.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.gateway.model.ServiceModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A value that keeps every constraint of its type, and all ways to break one of them, both made
 * from the published description alone.
 */
final class Sample {

  private static final JsonNode MODEL = load();
  private static final int LARGEST_BLOB = 10 * 1024 * 1024;

  /** For each pattern of the description one of these matches. */
  private static final List<String> TEXTS =
      List.of(
          "0",
          "a",
          "123456789012",
          "abcdefghij0123456789-abc",
          "arn:aws:kinesis:eu-west-1:000000000000:stream/orders",
          "arn:aws:kinesis:eu-west-1:000000000000:stream/orders/consumer/reader:1",
          "arn:aws:kinesis:eu-west-1:000000000000:channel/orders",
          "arn:aws:iam::000000000000:role/miller",
          "arn:aws:s3:::flour",
          "arn:aws:s3tables:eu-west-1:000000000000:bucket/flour",
          "arn:aws:glue:eu-west-1:000000000000:schema/mill/orders");

  /** For each pattern one of these does not. */
  private static final List<String> OTHER_TEXTS = List.of("a b:*", "\u00e4 *", " ");

  private Sample() {}

  /**
   * A request with one fault.
   *
   * @param members the request
   * @param path the member at fault
   * @param rule what it breaks, in the words of the service
   */
  record Broken(Map<String, Object> members, String path, String rule) {}

  private interface Sink {
    void add(Object value, String path, String rule);
  }

  /** A request of this operation with all its members. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> of(String operation) {
    return (Map<String, Object>) valid(input(operation));
  }

  /** Each way in which a request of this operation breaks one constraint of one member. */
  @SuppressWarnings("unchecked")
  static List<Broken> violations(String operation) {
    List<Broken> all = new ArrayList<>();
    breakValue(
        input(operation),
        of(operation),
        "",
        (value, path, rule) -> all.add(new Broken((Map<String, Object>) value, path, rule)));
    return all;
  }

  /** Each way in which one member is not of its type; the rule is left empty. */
  @SuppressWarnings("unchecked")
  static List<Broken> wrongTypes(String operation) {
    List<Broken> all = new ArrayList<>();
    mistype(
        input(operation),
        of(operation),
        "",
        (value, path, rule) -> all.add(new Broken((Map<String, Object>) value, path, rule)));
    return all;
  }

  static JsonNode operations() {
    return MODEL.get("operations");
  }

  private static String input(String operation) {
    return operations().get(operation).at("/input/shape").asText();
  }

  private static JsonNode shape(String name) {
    return Objects.requireNonNull(MODEL.get("shapes").get(name), name);
  }

  private static Object valid(String name) {
    JsonNode shape = shape(name);
    return switch (shape.get("type").asText()) {
      case "structure" -> {
        Map<String, Object> members = new LinkedHashMap<>();
        shape
            .get("members")
            .fields()
            .forEachRemaining(
                field ->
                    members.put(field.getKey(), valid(field.getValue().get("shape").asText())));
        yield members;
      }
      case "list" -> List.of(valid(shape.at("/member/shape").asText()));
      case "map" ->
          Map.of(
              (String) valid(shape.at("/key/shape").asText()),
              valid(shape.at("/value/shape").asText()));
      case "string" -> text(shape);
      case "integer", "long" -> Math.max(1, shape.path("min").asInt(1));
      case "boolean" -> true;
      case "timestamp" -> 0;
      case "blob" -> new byte[] {1};
      default -> throw new IllegalStateException(shape.toString());
    };
  }

  private static String text(JsonNode shape) {
    if (shape.has("enum")) {
      return shape.get("enum").get(0).asText();
    }
    return TEXTS.stream()
        .filter(text -> text.length() >= shape.path("min").asInt(0))
        .filter(text -> text.matches(shape.path("pattern").asText(".*")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no text for " + shape));
  }

  @SuppressWarnings("unchecked")
  private static void breakValue(String name, Object valid, String path, Sink sink) {
    JsonNode shape = shape(name);
    switch (shape.get("type").asText()) {
      case "structure" -> breakStructure(shape, (Map<String, Object>) valid, path, sink);
      case "list" -> breakList(shape, (List<Object>) valid, path, sink);
      case "map" -> breakMap(shape, (Map<String, Object>) valid, path, sink);
      case "string" -> breakText(shape, path, sink);
      case "integer" -> breakNumber(name, shape, path, sink);
      case "blob" -> {
        if (shape.has("max")) {
          sink.add(new byte[LARGEST_BLOB + 1], path, atMost(LARGEST_BLOB));
        }
      }
      default -> {
        // Nothing is asked of the others but their type.
      }
    }
  }

  private static void breakStructure(
      JsonNode shape, Map<String, Object> valid, String path, Sink sink) {
    shape
        .path("required")
        .forEach(
            required -> {
              Map<String, Object> without = new LinkedHashMap<>(valid);
              without.remove(required.asText());
              sink.add(without, join(path, required.asText()), "Member must not be null");
            });
    shape
        .get("members")
        .fields()
        .forEachRemaining(
            field ->
                breakValue(
                    field.getValue().get("shape").asText(),
                    valid.get(field.getKey()),
                    join(path, field.getKey()),
                    (value, at, rule) -> sink.add(with(valid, field.getKey(), value), at, rule)));
  }

  private static void breakList(JsonNode shape, List<Object> valid, String path, Sink sink) {
    if (shape.path("min").asInt(0) > 0) {
      sink.add(List.of(), path, atLeast(shape.get("min").asInt()));
    }
    if (shape.has("max")) {
      int max = shape.get("max").asInt();
      sink.add(java.util.Collections.nCopies(max + 1, valid.get(0)), path, atMost(max));
    }
    String element = path + ".1.member";
    sink.add(java.util.Collections.singletonList(null), element, "Member must not be null");
    breakValue(
        shape.at("/member/shape").asText(),
        valid.get(0),
        element,
        (value, at, rule) -> sink.add(List.of(value), at, rule));
  }

  private static void breakMap(JsonNode shape, Map<String, Object> valid, String path, Sink sink) {
    Map.Entry<String, Object> entry = valid.entrySet().iterator().next();
    sink.add(Map.of(), path, atLeast(shape.get("min").asInt()));
    int max = shape.get("max").asInt();
    Map<String, Object> many = new LinkedHashMap<>();
    for (int i = 0; i <= max; i++) {
      many.put("key" + i, entry.getValue());
    }
    sink.add(many, path, atMost(max));
    breakValue(
        shape.at("/key/shape").asText(),
        entry.getKey(),
        path + ".key",
        (key, at, rule) -> sink.add(Map.of((String) key, entry.getValue()), at, rule));
    breakValue(
        shape.at("/value/shape").asText(),
        entry.getValue(),
        path + "." + entry.getKey() + ".value",
        (value, at, rule) -> sink.add(Map.of(entry.getKey(), value), at, rule));
  }

  private static void breakText(JsonNode shape, String path, Sink sink) {
    if (shape.has("enum")) {
      List<String> allowed = new ArrayList<>();
      shape.get("enum").forEach(each -> allowed.add(each.asText()));
      sink.add("NEITHER", path, "Member must satisfy enum value set: " + allowed);
      return;
    }
    if (shape.path("min").asInt(0) > 0) {
      int min = shape.get("min").asInt();
      sink.add("a".repeat(min - 1), path, atLeast(min));
    }
    if (shape.has("max")) {
      int max = shape.get("max").asInt();
      sink.add("a".repeat(max + 1), path, atMost(max));
    }
    if (shape.has("pattern")) {
      String pattern = shape.get("pattern").asText();
      String other =
          OTHER_TEXTS.stream().filter(text -> !text.matches(pattern)).findFirst().orElseThrow();
      sink.add(other, path, "Member must satisfy regular expression pattern: " + pattern);
    }
  }

  private static void breakNumber(String name, JsonNode shape, String path, Sink sink) {
    if (shape.has("min")) {
      int min = shape.get("min").asInt();
      sink.add(min - 1, path, "Member must have value greater than or equal to " + min);
    }
    // The documentation of GetRecords calls too large a limit an invalid argument.
    if (shape.has("max") && !name.equals("GetRecordsInputLimit")) {
      int max = shape.get("max").asInt();
      sink.add(max + 1, path, "Member must have value less than or equal to " + max);
    }
  }

  @SuppressWarnings("unchecked")
  private static void mistype(String name, Object valid, String path, Sink sink) {
    JsonNode shape = shape(name);
    String type = shape.get("type").asText();
    if (!path.isEmpty()) {
      sink.add(
          switch (type) {
            case "string" -> 1;
            case "list" -> "text";
            default -> List.of("text");
          },
          path,
          "");
      sink.add(type.equals("boolean") ? "true" : true, path, "");
    }
    switch (type) {
      case "structure" ->
          shape
              .get("members")
              .fields()
              .forEachRemaining(
                  field ->
                      mistype(
                          field.getValue().get("shape").asText(),
                          ((Map<String, Object>) valid).get(field.getKey()),
                          join(path, field.getKey()),
                          (value, at, rule) ->
                              sink.add(
                                  with((Map<String, Object>) valid, field.getKey(), value),
                                  at,
                                  rule)));
      case "list" ->
          mistype(
              shape.at("/member/shape").asText(),
              ((List<Object>) valid).get(0),
              path + ".1.member",
              (value, at, rule) -> sink.add(List.of(value), at, rule));
      default -> {
        // It has no members.
      }
    }
  }

  private static Map<String, Object> with(Map<String, Object> members, String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(members);
    changed.put(name, value);
    return changed;
  }

  private static String join(String path, String member) {
    String name = member.substring(0, 1).toLowerCase(Locale.ROOT) + member.substring(1);
    return path.isEmpty() ? name : path + "." + name;
  }

  private static String atLeast(int length) {
    return "Member must have length greater than or equal to " + length;
  }

  private static String atMost(int length) {
    return "Member must have length less than or equal to " + length;
  }

  private static JsonNode load() {
    try (InputStream in = ServiceModel.class.getResourceAsStream("kinesis-2013-12-02.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
