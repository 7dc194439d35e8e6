package io.millrace.benchmarks;

import java.util.Locale;

/**
 * One line of a table.
 *
 * @param what is measured
 * @param measured the figure, with its unit
 * @param baseline the figure it is compared with; empty if there is none
 * @param ratio of the two; empty if there is none
 * @param bar what is expected, and whether it was met; empty if nothing is
 */
record Row(String what, String measured, String baseline, String ratio, String bar) {

  /** A figure that stands for itself. */
  static Row of(String what, String measured) {
    return new Row(what, measured, "", "", "");
  }

  /** A figure with its baseline, and the ratio of each pair. */
  static Row of(String what, String measured, String baseline, Spread ratio) {
    return new Row(what, measured, baseline, times(ratio), "");
  }

  /** The same line, judged by this figure. */
  Row judged(Bar expected, double figure) {
    return judged(expected.toString(), expected.isMetBy(figure));
  }

  /** The same line, with what was expected and whether it came so. */
  Row judged(String expected, boolean isMet) {
    return new Row(what, measured, baseline, ratio, expected + (isMet ? ", met" : ", **missed**"));
  }

  /** Median with smallest and largest, and a unit. */
  static String figure(Spread spread, String unit) {
    return String.format(
        Locale.ROOT,
        "%s %s (%s-%s)",
        digits(spread.median()),
        unit,
        digits(spread.min()),
        digits(spread.max()));
  }

  private static String times(Spread ratio) {
    return String.format(
        Locale.ROOT, "**%.2f** (%.2f-%.2f)", ratio.median(), ratio.min(), ratio.max());
  }

  /** Three digits, and no exponent. */
  private static String digits(double value) {
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
  }
}
