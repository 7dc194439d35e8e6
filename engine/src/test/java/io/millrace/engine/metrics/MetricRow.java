package io.millrace.engine.metrics;

import java.util.Locale;

/** How a metric stands in the table of {@code docs/metrics.md}. */
public final class MetricRow {

  private MetricRow() {}

  /** The columns that come from the code. */
  public static String of(Metric metric) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            metric.meterName(),
            metric.kind().name().toLowerCase(Locale.ROOT),
            metric.unit(),
            String.join(", ", metric.tags()));
  }
}
