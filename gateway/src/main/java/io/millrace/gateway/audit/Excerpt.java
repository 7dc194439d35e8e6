package io.millrace.gateway.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.model.Payload;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/**
 * Members as JSON, in camel case and without the bytes of records. However much was sent, this is
 * short: a text is cut after {@value #MAX_TEXT} characters, and what comes after {@value
 * #MAX_CHARACTERS} characters in all is left out, which {@code "omitted": true} says.
 */
final class Excerpt {

  static final int MAX_TEXT = 2048;
  static final int MAX_CHARACTERS = 16 * 1024;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** What a value costs beside its text. */
  private static final int COST = 8;

  /** The members whose keys are the caller's own. */
  private static final String TAGS = "Tags";

  /** The members that are only counted. */
  private static final String RECORDS = "Records";

  private int left = MAX_CHARACTERS;

  private Excerpt() {}

  static ObjectNode of(Map<?, ?> members) {
    Excerpt excerpt = new Excerpt();
    ObjectNode node = excerpt.object(members);
    return excerpt.left > 0 ? node : node.put("omitted", true);
  }

  /** The begin of a text, if it is long. */
  static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }

  private ObjectNode object(Map<?, ?> members) {
    ObjectNode node = NODES.objectNode();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      if (isSpent()) {
        break;
      }
      String name = String.valueOf(member.getKey());
      if (name.equals(RECORDS) && member.getValue() instanceof Collection<?> records) {
        node.put("recordCount", records.size());
      } else if (name.equals(TAGS) && member.getValue() instanceof Map<?, ?> tags) {
        node.set(camelCase(name), tags(tags));
      } else if (!(member.getValue() instanceof Payload)) {
        node.set(paid(camelCase(name)), value(member.getValue()));
      }
    }
    return node;
  }

  private ObjectNode tags(Map<?, ?> tags) {
    ObjectNode node = NODES.objectNode();
    for (Map.Entry<?, ?> tag : tags.entrySet()) {
      if (isSpent()) {
        break;
      }
      node.set(paid(String.valueOf(tag.getKey())), value(tag.getValue()));
    }
    return node;
  }

  private ArrayNode list(Collection<?> values) {
    ArrayNode list = NODES.arrayNode();
    for (Object each : values) {
      if (isSpent()) {
        break;
      }
      list.add(value(each));
    }
    return list;
  }

  private JsonNode value(Object value) {
    left -= COST;
    if (value == null) {
      return NODES.nullNode();
    }
    if (value instanceof Map<?, ?> members) {
      return object(members);
    }
    if (value instanceof Collection<?> values) {
      return list(values);
    }
    if (value instanceof Integer number) {
      return NODES.numberNode(number);
    }
    if (value instanceof Long number) {
      return NODES.numberNode(number);
    }
    return value instanceof Boolean truth
        ? NODES.booleanNode(truth)
        : NODES.textNode(paid(value.toString()));
  }

  private boolean isSpent() {
    return left <= 0;
  }

  private String paid(String text) {
    String begin = cut(text);
    left -= begin.length();
    return begin;
  }

  private static String camelCase(String name) {
    return name.isEmpty()
        ? name
        : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }
}
