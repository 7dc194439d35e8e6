package io.millrace.engine.access;

/** Patterns in which {@code *} stands for any characters or none, and {@code ?} for one. */
final class Glob {

  private Glob() {}

  /** Whether the whole text matches; takes at most the product of both lengths. */
  static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resumed = 0;
    while (t < text.length()) {
      char next = p < pattern.length() ? pattern.charAt(p) : 0;
      if (p < pattern.length() && next == '*') {
        star = p++;
        resumed = t;
      } else if (p < pattern.length() && (next == '?' || next == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resumed;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
