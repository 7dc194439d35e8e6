package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.ShardId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts what happens to one life of a stream: for the stream, and for each of its shards what is
 * switched on. Safe for any thread.
 */
public final class StreamMeter {

  /** Counts nothing. */
  public static final StreamMeter NONE = new StreamMeter(Meters.nowhere("stream", "none"), 0);

  private final Meters meters;
  private final long incarnation;
  private final Counter incomingBytes;
  private final Counter incomingRecords;
  private final Counter writeThrottled;
  private final Counter readThrottled;
  private final Timer iteratorAge;
  private final PutMeter putRecord;
  private final PutMeter putRecords;
  private final GetMeter getRecords;
  private volatile Map<ShardId, ShardMeter> shards = Map.of();
  private volatile Map<ConsumerName, ConsumerMeter> consumers = Map.of();

  StreamMeter(Meters meters, long incarnation) {
    this.meters = meters;
    this.incarnation = incarnation;
    this.incomingBytes = meters.counter(EngineMetric.INCOMING_BYTES);
    this.incomingRecords = meters.counter(EngineMetric.INCOMING_RECORDS);
    this.writeThrottled = meters.counter(EngineMetric.WRITE_THROTTLED);
    this.readThrottled = meters.counter(EngineMetric.READ_THROTTLED);
    this.iteratorAge = meters.timer(EngineMetric.ITERATOR_AGE);
    this.putRecord = new PutMeter(meters, "PutRecord");
    this.putRecords = new PutMeter(meters, "PutRecords");
    this.getRecords = new GetMeter(meters);
  }

  long incarnation() {
    return incarnation;
  }

  /** Meters of what is new come, those of what is not shown any more go. */
  void show(
      Collection<ShardId> shown, Collection<ConsumerName> consuming, Set<MetricsName> shardLevel) {
    Map<ShardId, ShardMeter> nextShards = new HashMap<>();
    if (!shardLevel.isEmpty()) {
      for (ShardId shard : shown) {
        ShardMeter meter = shards.get(shard);
        nextShards.put(
            shard,
            meter != null && meter.counts().equals(shardLevel)
                ? meter
                : new ShardMeter(meters.part("shard", shard.toString()), shardLevel));
      }
    }
    Map<ConsumerName, ConsumerMeter> nextConsumers = new HashMap<>();
    for (ConsumerName consumer : consuming) {
      ConsumerMeter meter = consumers.get(consumer);
      nextConsumers.put(
          consumer,
          meter == null ? new ConsumerMeter(meters.part("consumer", consumer.value())) : meter);
    }
    Map<ShardId, ShardMeter> shardsBefore = shards;
    Map<ConsumerName, ConsumerMeter> consumersBefore = consumers;
    shards = Map.copyOf(nextShards);
    consumers = Map.copyOf(nextConsumers);
    shardsBefore.forEach(
        (shard, meter) -> {
          if (nextShards.get(shard) != meter) {
            meter.close();
          }
        });
    consumersBefore.forEach(
        (consumer, meter) -> {
          if (nextConsumers.get(consumer) != meter) {
            meter.close();
          }
        });
  }

  void close() {
    show(Set.of(), Set.of(), Set.of());
    meters.close();
  }

  /** Calls of PutRecord. */
  public PutMeter putRecord() {
    return putRecord;
  }

  /** Calls of PutRecords. */
  public PutMeter putRecords() {
    return putRecords;
  }

  /** Calls of GetRecords. */
  public GetMeter getRecords() {
    return getRecords;
  }

  /** One of its registered consumers; a meter that counts nothing when it is not shown. */
  public ConsumerMeter consumer(ConsumerName consumer) {
    return consumers.getOrDefault(consumer, ConsumerMeter.NONE);
  }

  /** A shard has stored records; bytes of their data and keys. */
  public void stored(ShardId shard, int records, long bytes) {
    incomingRecords.increment(records);
    incomingBytes.increment((double) bytes);
    shard(shard).stored(records, bytes);
  }

  /** A shard had no room for records. */
  public void writeThrottled(ShardId shard, int records) {
    writeThrottled.increment(records);
    shard(shard).writeThrottled(records);
  }

  /**
   * A shard has answered a read of GetRecords.
   *
   * @param bytes of data and keys
   * @param ageMillis age of the last record; 0 when there is none
   */
  public void read(ShardId shard, int records, long bytes, long ageMillis) {
    getRecords.returned(records, bytes);
    iteratorAge.record(ageMillis, TimeUnit.MILLISECONDS);
    ShardMeter level = shard(shard);
    level.left(records, bytes);
    level.iteratorAge(ageMillis);
  }

  /** A shard had no budget for a read. */
  public void readThrottled(ShardId shard) {
    readThrottled.increment();
    shard(shard).readThrottled();
  }

  /** Records of a shard were pushed to a registered consumer; bytes of their data and keys. */
  public void pushed(
      ConsumerName consumer, ShardId shard, int records, long bytes, long millisBehindLatest) {
    consumer(consumer).pushed(records, bytes, millisBehindLatest);
    shard(shard).left(records, bytes);
  }

  private ShardMeter shard(ShardId shard) {
    return shards.getOrDefault(shard, ShardMeter.NONE);
  }
}
