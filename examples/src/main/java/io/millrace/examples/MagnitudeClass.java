package io.millrace.examples;

/** Classes of magnitude, weakest first. An event without a magnitude is one of the weakest. */
enum MagnitudeClass {
  BELOW_3("below 3", Double.NEGATIVE_INFINITY),
  FROM_3("from 3", 3),
  FROM_4_5("from 4.5", 4.5),
  FROM_6("from 6", 6);

  private final String label;
  private final double least;

  MagnitudeClass(String label, double least) {
    this.label = label;
    this.least = least;
  }

  /** The class of an event. */
  static MagnitudeClass of(Earthquake event) {
    double magnitude = event.magnitude().orElse(Double.NEGATIVE_INFINITY);
    MagnitudeClass found = BELOW_3;
    for (MagnitudeClass candidate : values()) {
      if (magnitude >= candidate.least) {
        found = candidate;
      }
    }
    return found;
  }

  /** How it is called in a report. */
  String label() {
    return label;
  }
}
