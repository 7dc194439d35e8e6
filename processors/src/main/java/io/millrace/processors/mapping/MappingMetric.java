package io.millrace.processors.mapping;

import static io.millrace.engine.metrics.Metric.Kind.COUNTER;
import static io.millrace.engine.metrics.Metric.Kind.GAUGE;
import static io.millrace.engine.metrics.Metric.Kind.SUMMARY;
import static io.millrace.engine.metrics.Metric.Kind.TIMER;

import io.millrace.engine.metrics.Metric;
import java.util.List;

/** Every metric of mappings. The mapping is named by its UUID. */
enum MappingMetric implements Metric {
  RECORDS(
      "millrace.mapping.records",
      COUNTER,
      "records",
      "mapping result",
      "Records, by what became of each."),
  CALLS(
      "millrace.mapping.calls",
      TIMER,
      "seconds",
      "mapping result",
      "Calls of the function, and how long each took."),
  CALL_RECORDS(
      "millrace.mapping.call.records", SUMMARY, "records", "mapping", "Records of each call."),
  RETRIES(
      "millrace.mapping.retries",
      COUNTER,
      "calls",
      "mapping",
      "Calls for records of which an earlier call failed."),
  NOTICES_LOST(
      "millrace.mapping.notices.lost",
      COUNTER,
      "notices",
      "mapping",
      "Notices that their destination did not take."),
  ITERATOR_AGE(
      "millrace.mapping.iterator.age",
      GAUGE,
      "seconds",
      "mapping",
      "From the arrival of the last record of the newest call to the end of that call.");

  private final String meterName;
  private final Kind kind;
  private final String unit;
  private final String tags;
  private final String about;

  MappingMetric(String meterName, Kind kind, String unit, String tags, String about) {
    this.meterName = meterName;
    this.kind = kind;
    this.unit = unit;
    this.tags = tags;
    this.about = about;
  }

  @Override
  public String meterName() {
    return meterName;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public List<String> tags() {
    return List.of(tags.split(" ", -1));
  }

  @Override
  public String about() {
    return about;
  }
}
