package io.millrace.gateway.model;

import io.millrace.engine.api.Constraints.Range;
import io.millrace.engine.api.Constraints.Text;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A type of the API. Which parts are there depends on its kind; the others are empty or null.
 *
 * @param name its name in the description
 * @param kind what values it has
 * @param text the constraint of a text
 * @param range the constraint of a number, or of the size of a blob, a list or a map
 * @param allowed the values of an enum
 * @param members the members of a structure by name
 * @param element the type of a list's elements, or of a map's values
 * @param key the type of a map's keys
 */
public record Shape(
    String name,
    Kind kind,
    Text text,
    Range range,
    List<String> allowed,
    Map<String, Member> members,
    Shape element,
    Shape key) {

  /** What values a type has, and what they are here. */
  public enum Kind {
    /** Members by name: a {@code Map<String, Object>}. */
    STRUCTURE,
    /** A {@code List<Object>}. */
    LIST,
    /** A {@code Map<String, Object>}. */
    MAP,
    /** A {@code String}. */
    TEXT,
    /** One of a few texts: a {@code String}. */
    ENUM,
    /** An {@code Integer}. */
    INTEGER,
    /** A {@code Long}. */
    LONG,
    /** A {@code Boolean}. */
    BOOLEAN,
    /** An {@code Instant}, to the millisecond. */
    TIMESTAMP,
    /** A {@code Payload}. */
    BLOB
  }

  /**
   * One member of a structure.
   *
   * @param name its name on the wire, {@code StreamName}
   * @param path its name in validation messages, and that of the record component that holds it
   * @param isRequired whether a request without it is refused
   * @param shape its type
   */
  public record Member(String name, String path, boolean isRequired, Shape shape) {

    /** A member of this name, whose path is that name with a small first letter. */
    public static Member of(String name, boolean isRequired, Shape shape) {
      String path = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
      return new Member(name, path, isRequired, shape);
    }
  }

  public Shape {
    allowed = List.copyOf(allowed);
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }
}
