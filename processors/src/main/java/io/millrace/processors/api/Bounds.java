package io.millrace.processors.api;

/** Refuses what lies outside of its bounds. */
final class Bounds {

  private Bounds() {}

  /**
   * Checks a figure.
   *
   * @param least inclusive
   * @param most inclusive
   */
  static void check(String member, long value, long least, long most) {
    if (value < least || value > most) {
      throw new InvalidParameterValueException(
          "%s must be between %d and %d, not %d.".formatted(member, least, most, value));
    }
  }
}
