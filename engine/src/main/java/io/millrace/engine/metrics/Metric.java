package io.millrace.engine.metrics;

import java.util.List;

/** One kind of meter: its name, its unit, and the tags that tell its meters apart. */
public interface Metric {

  /** What a meter does with what it is told. */
  enum Kind {
    /** A sum that only grows. */
    COUNTER,
    /** How often something took how long: count, sum, and the maximum of the last minutes. */
    TIMER,
    /** How often something had which size: count, sum, and the maximum of the last minutes. */
    SUMMARY,
    /** A value of now, asked for when it is looked at. */
    GAUGE
  }

  /** Its name in the style of Micrometer, {@code millrace.incoming.bytes}. */
  String meterName();

  /** What it does. */
  Kind kind();

  /** The unit of its values; {@code seconds} are converted to what a registry prefers. */
  String unit();

  /** The names of its tags. */
  List<String> tags();

  /** One sentence for people. */
  String about();
}
