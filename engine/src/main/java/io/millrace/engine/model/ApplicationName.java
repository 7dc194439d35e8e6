package io.millrace.engine.model;

import java.util.regex.Pattern;

/**
 * The name of a consuming application, whose workers share the shards of a stream and its
 * checkpoints; unique in its engine: 1 to 128 characters of {@code [a-zA-Z0-9_.-]}.
 *
 * @param value the name
 */
public record ApplicationName(String value) implements Comparable<ApplicationName> {

  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

  public ApplicationName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not an application name: " + value);
    }
  }

  @Override
  public int compareTo(ApplicationName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
