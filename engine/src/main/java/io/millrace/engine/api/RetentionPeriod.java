package io.millrace.engine.api;

/** The bounds of a retention period: a day and a year. */
final class RetentionPeriod {

  private static final int MIN_HOURS = 24;
  private static final int MAX_HOURS = 8760;

  private RetentionPeriod() {}

  static void check(int hours) {
    if (hours < MIN_HOURS || hours > MAX_HOURS) {
      throw new InvalidArgumentException(
          "RetentionPeriodHours must be between %d and %d hours: %d."
              .formatted(MIN_HOURS, MAX_HOURS, hours));
    }
  }
}
