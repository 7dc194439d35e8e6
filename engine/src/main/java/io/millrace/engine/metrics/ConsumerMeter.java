package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts what a registered consumer gets. Safe for any thread. */
public final class ConsumerMeter {

  static final ConsumerMeter NONE =
      new ConsumerMeter(Meters.nowhere("stream", "none", "consumer", "none"));

  private final Meters meters;
  private final Counter subscribed;
  private final Counter throttled;
  private final Counter refused;
  private final Counter pushed;
  private final Counter brokenOff;
  private final Counter bytes;
  private final Counter records;
  private final Timer behind;

  ConsumerMeter(Meters meters) {
    this.meters = meters;
    this.subscribed = meters.counter(EngineMetric.SUBSCRIBE_CALLS, "result", "success");
    this.throttled = meters.counter(EngineMetric.SUBSCRIBE_CALLS, "result", "throttled");
    this.refused = meters.counter(EngineMetric.SUBSCRIBE_CALLS, "result", "failure");
    this.pushed = meters.counter(EngineMetric.PUSH_EVENTS, "result", "success");
    this.brokenOff = meters.counter(EngineMetric.PUSH_EVENTS, "result", "failure");
    this.bytes = meters.counter(EngineMetric.PUSH_BYTES);
    this.records = meters.counter(EngineMetric.PUSH_RECORDS);
    this.behind = meters.timer(EngineMetric.PUSH_BEHIND);
  }

  void close() {
    meters.close();
  }

  /** SubscribeToShard has begun a subscription. */
  public void subscribed() {
    subscribed.increment();
  }

  /** SubscribeToShard was called too often. */
  public void subscribeThrottled() {
    throttled.increment();
  }

  /** SubscribeToShard was refused for another reason. */
  public void subscribeRefused() {
    refused.increment();
  }

  /** A subscription ends because its records cannot be read. */
  public void brokenOff() {
    brokenOff.increment();
  }

  void pushed(int more, long moreBytes, long millisBehindLatest) {
    pushed.increment();
    records.increment(more);
    bytes.increment((double) moreBytes);
    behind.record(millisBehindLatest, TimeUnit.MILLISECONDS);
  }
}
