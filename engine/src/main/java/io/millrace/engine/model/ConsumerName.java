package io.millrace.engine.model;

import java.util.regex.Pattern;

/**
 * The name of a registered consumer, unique in its stream: 1 to 128 characters of {@code
 * [a-zA-Z0-9_.-]}.
 *
 * @param value the name
 */
public record ConsumerName(String value) implements Comparable<ConsumerName> {

  private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

  public ConsumerName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a consumer name: " + value);
    }
  }

  @Override
  public int compareTo(ConsumerName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
