package io.millrace.engine.api;

import io.millrace.engine.api.Constraints.Range;
import io.millrace.engine.api.Constraints.Text;
import io.millrace.engine.model.Payload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The constraints that one request breaks, in the words of the service. Nothing is allocated but
 * this object until the first one is found. Members that are absent break no constraint but {@link
 * #required}.
 *
 * <p>Paths are members in lower camel case, joined by dots: {@code records.3.member.data}. Not safe
 * for several threads.
 */
public final class Violations {

  private static final int MAX_NAMED = 10;
  private static final int MAX_SHOWN_CHARACTERS = 512;

  private List<String> found = List.of();

  /** The member must be there. */
  public Violations required(Object path, Object value) {
    if (value == null) {
      add("null", path, "Member must not be null");
    }
    return this;
  }

  /** A text keeps to its constraint. */
  public Violations text(Object path, String value, Text constraint) {
    if (value == null || constraint.accepts(value)) {
      return this;
    }
    if (constraint.isTooShort(value)) {
      add(quoted(value), path, lengthAtLeast(constraint.min()));
    }
    if (constraint.isTooLong(value)) {
      add(quoted(value), path, lengthAtMost(constraint.max()));
    }
    if (!constraint.form().test(value)) {
      add(
          quoted(value),
          path,
          "Member must satisfy regular expression pattern: " + constraint.pattern());
    }
    return this;
  }

  /** A number lies in its range. */
  public Violations number(Object path, Integer value, Range constraint) {
    if (value != null && value < constraint.min()) {
      add(
          quoted(value.toString()),
          path,
          "Member must have value greater than or equal to " + constraint.min());
    }
    if (value != null && value > constraint.max()) {
      add(
          quoted(value.toString()),
          path,
          "Member must have value less than or equal to " + constraint.max());
    }
    return this;
  }

  /** A text is one of these. */
  public Violations oneOf(Object path, String value, List<String> allowed) {
    if (value != null && !allowed.contains(value)) {
      add(quoted(value), path, "Member must satisfy enum value set: " + allowed);
    }
    return this;
  }

  Violations data(String path, Payload value) {
    return bytes(path, value, Constraints.DATA_BYTES);
  }

  /** A blob has so many bytes. */
  public Violations bytes(Object path, Payload value, Range constraint) {
    return value == null ? this : length(path, value, value.size(), constraint);
  }

  /** A list or a map has so many entries. */
  public Violations entries(Object path, Collection<?> value, Range constraint) {
    return value == null ? this : length(path, new Entries(value.size()), value.size(), constraint);
  }

  /** Each entry of a list must be there. */
  Violations requiredEntries(String path, List<?> value) {
    for (int i = 0; value != null && i < value.size(); i++) {
      required(path + "." + (i + 1) + ".member", value.get(i));
    }
    return this;
  }

  /**
   * Ends the check.
   *
   * @throws ValidationException when anything was found
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ValidationException(
          found.size()
              + (found.size() == 1 ? " validation error" : " validation errors")
              + " detected: "
              + String.join("; ", found));
    }
  }

  /** How a list or a map is shown. */
  private record Entries(int count) {

    @Override
    public String toString() {
      return "[" + count + " entries]";
    }
  }

  private Violations length(Object path, Object shown, int length, Range constraint) {
    if (length < constraint.min()) {
      add(quoted(shown.toString()), path, lengthAtLeast(constraint.min()));
    }
    if (length > constraint.max()) {
      add(quoted(shown.toString()), path, lengthAtMost(constraint.max()));
    }
    return this;
  }

  private void add(String value, Object path, String rule) {
    if (found.isEmpty()) {
      found = new ArrayList<>();
    }
    if (found.size() < MAX_NAMED) {
      found.add("Value " + value + " at '" + path + "' failed to satisfy constraint: " + rule);
    }
  }

  private static String quoted(String value) {
    if (value.length() <= MAX_SHOWN_CHARACTERS) {
      return "'" + value + "'";
    }
    boolean isInPair = Character.isHighSurrogate(value.charAt(MAX_SHOWN_CHARACTERS - 1));
    int end = isInPair ? MAX_SHOWN_CHARACTERS - 1 : MAX_SHOWN_CHARACTERS;
    return "'" + value.substring(0, end) + "...'";
  }

  private static String lengthAtLeast(int min) {
    return "Member must have length greater than or equal to " + min;
  }

  private static String lengthAtMost(int max) {
    return "Member must have length less than or equal to " + max;
  }
}
