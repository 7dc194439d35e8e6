package io.millrace.engine.access;

/** What a condition is: unknown when it asks for what nobody here can tell. */
enum Truth {
  FALSE,
  UNKNOWN,
  TRUE;

  static Truth of(boolean isTrue) {
    return isTrue ? TRUE : FALSE;
  }

  /** True only if both are; unknown only if neither is false. */
  Truth and(Truth other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
