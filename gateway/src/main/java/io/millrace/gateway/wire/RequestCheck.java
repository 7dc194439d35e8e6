package io.millrace.gateway.wire;

import io.millrace.engine.api.ValidationException;
import io.millrace.engine.api.Violations;
import io.millrace.engine.model.Payload;
import io.millrace.gateway.model.Shape;
import io.millrace.gateway.model.Shape.Member;
import java.util.List;
import java.util.Map;

/** Holds the members of a request against the constraints of their types. */
public final class RequestCheck {

  private final Violations violations = new Violations();

  private RequestCheck() {}

  /**
   * Checks a request.
   *
   * @param input its type
   * @param members its members, each of its type
   * @throws ValidationException naming every member at fault, up to ten
   */
  public static void check(Shape input, Map<String, Object> members) {
    RequestCheck check = new RequestCheck();
    check.structure(Path.ROOT, input, members);
    check.violations.throwIfAny();
  }

  private void structure(Path path, Shape shape, Map<?, ?> members) {
    for (Member member : shape.members().values()) {
      Object value = members.get(member.name());
      if (value != null) {
        value(path.member(member), member.shape(), value);
      } else if (member.isRequired()) {
        violations.required(path.member(member), null);
      }
    }
  }

  private void value(Path path, Shape shape, Object value) {
    switch (shape.kind()) {
      case STRUCTURE -> structure(path, shape, (Map<?, ?>) value);
      case LIST -> list(path, shape, (List<?>) value);
      case MAP -> map(path, shape, (Map<?, ?>) value);
      case TEXT -> violations.text(path, (String) value, shape.text());
      case ENUM -> violations.oneOf(path, (String) value, shape.allowed());
      case INTEGER -> violations.number(path, (Integer) value, shape.range());
      case BLOB -> violations.bytes(path, (Payload) value, shape.range());
      case LONG, BOOLEAN, TIMESTAMP -> {
        // No request has a constraint on one of these.
      }
    }
  }

  private void list(Path path, Shape shape, List<?> values) {
    violations.entries(path, values, shape.range());
    for (int i = 0; i < values.size(); i++) {
      element(path.element(i), shape.element(), values.get(i));
    }
  }

  private void map(Path path, Shape shape, Map<?, ?> values) {
    violations.entries(path, values.keySet(), shape.range());
    values.forEach(
        (key, value) -> {
          value(path.part("key"), shape.key(), key);
          element(path.part(key.toString()).part("value"), shape.element(), value);
        });
  }

  private void element(Path path, Shape shape, Object value) {
    violations.required(path, value);
    if (value != null) {
      value(path, shape, value);
    }
  }
}
