package io.millrace.channels.delivery;

import static io.millrace.engine.metrics.Metric.Kind.COUNTER;
import static io.millrace.engine.metrics.Metric.Kind.GAUGE;

import io.millrace.engine.metrics.Metric;
import java.util.List;

/** Every metric of channels. The channel is named by its name. */
enum DeliveryMetric implements Metric {
  RECORDS(
      "millrace.channel.records",
      COUNTER,
      "records",
      "channel result",
      "Records, by what became of each."),
  BYTES_IN(
      "millrace.channel.bytes.in", COUNTER, "bytes", "channel", "Data of records that were read."),
  BYTES_OUT(
      "millrace.channel.bytes.out", COUNTER, "bytes", "channel", "Objects that were delivered."),
  DELIVERIES(
      "millrace.channel.deliveries",
      COUNTER,
      "deliveries",
      "channel result",
      "Objects of a shard, with their dead letters, until they were durable."),
  FRESHNESS(
      "millrace.channel.freshness",
      GAUGE,
      "seconds",
      "channel",
      "Age of the oldest record that is read and not delivered; 0 when none is.");

  private final String meterName;
  private final Kind kind;
  private final String unit;
  private final String tags;
  private final String about;

  DeliveryMetric(String meterName, Kind kind, String unit, String tags, String about) {
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
