package io.millrace.fanout;

import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.metrics.StreamMeter;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.shard.ShardAddress;

/**
 * Counts what the subscriptions of a registered consumer to one shard get.
 *
 * @param metrics the metrics of the engine
 * @param shard the shard
 * @param consumer the consumer
 */
record PushMeter(EngineMetrics metrics, ShardAddress shard, ConsumerName consumer) {

  /** Whether it is worth finding out what was pushed. */
  boolean isOn() {
    return metrics.isBound();
  }

  /** An element was pushed; bytes of its data and keys. */
  void pushed(ShardRecords element, long bytes) {
    stream()
        .pushed(
            consumer,
            shard.shardId(),
            element.records().size(),
            bytes,
            element.millisBehindLatest());
  }

  /** The records cannot be read any more. */
  void brokenOff() {
    stream().consumer(consumer).brokenOff();
  }

  private StreamMeter stream() {
    return metrics.stream(shard.stream(), shard.incarnation());
  }
}
