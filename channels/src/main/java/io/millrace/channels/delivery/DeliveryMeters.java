package io.millrace.channels.delivery;

import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.EngineClock;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The meters of all channels, by name. Safe for any thread. */
public final class DeliveryMeters {

  private final ConcurrentMap<String, DeliveryMeter> meters = new ConcurrentHashMap<>();
  private final EngineMetrics metrics;
  private final EngineClock clock;

  /** Meters that count for an engine. */
  public DeliveryMeters(EngineMetrics metrics, EngineClock clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  DeliveryMeter of(String channelName) {
    return meters.computeIfAbsent(
        channelName, first -> new DeliveryMeter(metrics.meters("channel", channelName), clock));
  }

  /** A channel is no more. */
  public void forget(String channelName) {
    DeliveryMeter meter = meters.remove(channelName);
    if (meter != null) {
      meter.close();
    }
  }
}
