package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.millrace.engine.model.MetricsName;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts what happens to one shard, as far as that is switched on by EnableEnhancedMonitoring. Safe
 * for any thread.
 */
final class ShardMeter {

  static final ShardMeter NONE = new ShardMeter(nowhere(), Set.of());

  private final Meters meters;
  private final Set<MetricsName> counts;
  private final Counter incomingBytes;
  private final Counter incomingRecords;
  private final Counter outgoingBytes;
  private final Counter outgoingRecords;
  private final Counter writeThrottled;
  private final Counter readThrottled;
  private final Timer iteratorAge;

  ShardMeter(Meters meters, Set<MetricsName> counts) {
    this.meters = meters;
    this.counts = Set.copyOf(counts);
    this.incomingBytes = counter(MetricsName.INCOMING_BYTES, EngineMetric.SHARD_INCOMING_BYTES);
    this.incomingRecords =
        counter(MetricsName.INCOMING_RECORDS, EngineMetric.SHARD_INCOMING_RECORDS);
    this.outgoingBytes = counter(MetricsName.OUTGOING_BYTES, EngineMetric.SHARD_OUTGOING_BYTES);
    this.outgoingRecords =
        counter(MetricsName.OUTGOING_RECORDS, EngineMetric.SHARD_OUTGOING_RECORDS);
    this.writeThrottled =
        counter(
            MetricsName.WRITE_PROVISIONED_THROUGHPUT_EXCEEDED, EngineMetric.SHARD_WRITE_THROTTLED);
    this.readThrottled =
        counter(
            MetricsName.READ_PROVISIONED_THROUGHPUT_EXCEEDED, EngineMetric.SHARD_READ_THROTTLED);
    this.iteratorAge =
        from(MetricsName.ITERATOR_AGE_MILLISECONDS).timer(EngineMetric.SHARD_ITERATOR_AGE);
  }

  private Counter counter(MetricsName name, EngineMetric metric) {
    return from(name).counter(metric);
  }

  private Meters from(MetricsName name) {
    return counts.contains(name) ? meters : nowhere();
  }

  private static Meters nowhere() {
    return Meters.nowhere("stream", "none", "shard", "none");
  }

  Set<MetricsName> counts() {
    return counts;
  }

  void close() {
    meters.close();
  }

  void stored(int records, long bytes) {
    incomingRecords.increment(records);
    incomingBytes.increment((double) bytes);
  }

  void writeThrottled(int records) {
    writeThrottled.increment(records);
  }

  /** Records were read or pushed. */
  void left(int records, long bytes) {
    outgoingRecords.increment(records);
    outgoingBytes.increment((double) bytes);
  }

  void readThrottled() {
    readThrottled.increment();
  }

  void iteratorAge(long millis) {
    iteratorAge.record(millis, TimeUnit.MILLISECONDS);
  }
}
