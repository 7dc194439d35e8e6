package io.millrace.channels.delivery;

import io.micrometer.core.instrument.Counter;
import io.millrace.engine.metrics.Meters;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.ShardId;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts what a channel does, on all its shards. Safe for any thread. */
final class DeliveryMeter {

  private final Meters meters;
  private final EngineClock clock;
  private final Counter delivered;
  private final Counter dead;
  private final Counter bytesIn;
  private final Counter bytesOut;
  private final Counter succeeded;
  private final Counter failed;
  private final ConcurrentMap<ShardId, Instant> oldest = new ConcurrentHashMap<>();

  DeliveryMeter(Meters meters, EngineClock clock) {
    this.meters = meters;
    this.clock = clock;
    this.delivered = meters.counter(DeliveryMetric.RECORDS, "result", "delivered");
    this.dead = meters.counter(DeliveryMetric.RECORDS, "result", "dead");
    this.bytesIn = meters.counter(DeliveryMetric.BYTES_IN);
    this.bytesOut = meters.counter(DeliveryMetric.BYTES_OUT);
    this.succeeded = meters.counter(DeliveryMetric.DELIVERIES, "result", "success");
    this.failed = meters.counter(DeliveryMetric.DELIVERIES, "result", "failure");
    meters.millis(DeliveryMetric.FRESHNESS, this, DeliveryMeter::oldestMillis);
  }

  private double oldestMillis() {
    long now = clock.epochMillis();
    return oldest.values().stream()
        .mapToLong(arrived -> now - arrived.toEpochMilli())
        .max()
        .orElse(0);
  }

  /** A shard has records that are not delivered. */
  void gathers(ShardId shardId, Instant oldestArrived) {
    oldest.put(shardId, oldestArrived);
  }

  /** A shard has none any more, or somebody else has the shard. */
  void gathersNothing(ShardId shardId) {
    oldest.remove(shardId);
  }

  void delivered(ObjectWriter.Result result) {
    delivered.increment((double) result.delivered());
    dead.increment((double) result.refused());
    bytesIn.increment((double) result.bytesIn());
    bytesOut.increment((double) result.bytesOut());
    succeeded.increment();
  }

  void failed() {
    failed.increment();
  }

  /** The channel is no more. */
  void close() {
    meters.close();
  }
}
