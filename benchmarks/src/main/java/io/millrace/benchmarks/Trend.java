package io.millrace.benchmarks;

/**
 * Whether a series goes up or down, by a least-squares line through it.
 *
 * @param change from the first to the last point of the line, as a share of the mean
 * @param scatter between the points farthest above and below the line, as a share of the mean
 */
record Trend(double change, double scatter) {

  /** The trend of values measured at equal steps, at least one. */
  static Trend of(double... values) {
    double mean = 0;
    for (double value : values) {
      mean += value / values.length;
    }
    double middle = (values.length - 1) / 2.0;
    double products = 0;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      products += (i - middle) * (values[i] - mean);
      squares += (i - middle) * (i - middle);
    }
    double slope = squares == 0 ? 0 : products / squares;
    double lowest = 0;
    double highest = 0;
    for (int i = 0; i < values.length; i++) {
      double offLine = values[i] - mean - slope * (i - middle);
      lowest = Math.min(lowest, offLine);
      highest = Math.max(highest, offLine);
    }
    return new Trend(slope * (values.length - 1) / mean, (highest - lowest) / mean);
  }

  /** Whether the line falls by more than the points scatter around it. */
  boolean isFalling() {
    return -change > scatter;
  }
}
