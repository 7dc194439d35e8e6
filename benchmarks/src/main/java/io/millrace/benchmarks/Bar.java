package io.millrace.benchmarks;

import java.util.Locale;

/** What a figure is expected to reach, or to stay below. */
record Bar(double bound, boolean isLeast, String unit) {

  static Bar atLeast(double bound, String unit) {
    return new Bar(bound, true, unit);
  }

  static Bar atMost(double bound, String unit) {
    return new Bar(bound, false, unit);
  }

  boolean isMetBy(double figure) {
    return isLeast ? figure >= bound : figure <= bound;
  }

  @Override
  public String toString() {
    String digits = String.format(Locale.ROOT, "%.2f", bound).replaceFirst("\\.?0+$", "");
    return (isLeast ? ">= " : "<= ") + digits + unit;
  }
}
