package io.millrace.examples.capacity;

/**
 * Traffic that is spread evenly over a part of the hash space.
 *
 * @param from where the part begins, as a fraction of the hash space
 * @param width how wide it is, as a fraction of the hash space; 0 for a single hash key
 * @param mibPerSecond how much it is
 */
record Source(double from, double width, double mibPerSecond) {

  /** Partition keys without number. */
  static Source everywhere(double mibPerSecond) {
    return new Source(0, 1, mibPerSecond);
  }

  /** One partition key. */
  static Source oneKey(double at, double mibPerSecond) {
    return new Source(at, 0, mibPerSecond);
  }

  boolean isOneKey() {
    return width == 0;
  }

  /** How much of it belongs to the hash keys between two fractions of the hash space, MiB/s. */
  double within(double start, double end) {
    if (isOneKey()) {
      return start <= from && from < end ? mibPerSecond : 0;
    }
    double overlap = Math.min(end, from + width) - Math.max(start, from);
    return overlap <= 0 ? 0 : mibPerSecond * overlap / width;
  }
}
