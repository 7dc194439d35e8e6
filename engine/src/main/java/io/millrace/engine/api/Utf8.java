package io.millrace.engine.api;

/** The size of a text as UTF-8. */
final class Utf8 {

  private Utf8() {}

  /** How many bytes {@code getBytes(UTF_8)} gives, without making them. */
  static int length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        bytes += 1; // half of a pair, written as a question mark
      }
    }
    return bytes;
  }
}
