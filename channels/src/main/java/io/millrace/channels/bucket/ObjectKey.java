package io.millrace.channels.bucket;

import java.nio.charset.StandardCharsets;

/**
 * The key of an object, which is also the path of its file below the directory of its bucket: one
 * or more names joined by {@code /}, none of them empty, {@code .} or {@code ..}, so that no key
 * leads out of its bucket.
 *
 * @param value the key, at most 1024 bytes of UTF-8; each name at most 255
 */
public record ObjectKey(String value) {

  private static final int MAX_BYTES = 1024;
  private static final int MAX_NAME_BYTES = 255;

  /** Throws IllegalArgumentException with a sentence for callers when it is none. */
  public ObjectKey {
    require(bytes(value) <= MAX_BYTES, value, "longer than %d bytes".formatted(MAX_BYTES));
    for (String name : value.split("/", -1)) {
      require(!name.isEmpty(), value, "begun, ended or divided by an empty name");
      require(!name.equals(".") && !name.equals(".."), value, "a path through . or ..");
      require(
          bytes(name) <= MAX_NAME_BYTES,
          value,
          "made of a name of more than %d bytes".formatted(MAX_NAME_BYTES));
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void require(boolean isSo, String value, String fault) {
    if (!isSo) {
      throw new IllegalArgumentException("The key %s would be %s.".formatted(value, fault));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
