package io.millrace.engine.model;

import java.util.regex.Pattern;

/**
 * The name of a stream, unique in its account and region: 1 to 128 characters of {@code
 * [a-zA-Z0-9_.-]}.
 *
 * @param value the name
 */
public record StreamName(String value) implements Comparable<StreamName> {

  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

  public StreamName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a stream name: " + value);
    }
  }

  @Override
  public int compareTo(StreamName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
