package io.millrace.processors.mapping;

import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.processors.api.MappingMetrics;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The meters of all mappings, by UUID. Safe for any thread. */
public final class MappingMeters {

  private final ConcurrentMap<String, MappingMeter> meters = new ConcurrentHashMap<>();
  private final EngineMetrics metrics;

  /** Meters that count for an engine. */
  public MappingMeters(EngineMetrics metrics) {
    this.metrics = metrics;
  }

  /** Meters that count for themselves. */
  MappingMeters() {
    this(EngineMetrics.unbound());
  }

  MappingMeter of(String uuid) {
    return meters.computeIfAbsent(uuid, first -> new MappingMeter(metrics.meters("mapping", uuid)));
  }

  /** What a mapping has done; nothing where nothing is known of it. */
  public MappingMetrics metrics(String uuid) {
    MappingMeter meter = meters.get(uuid);
    return meter == null ? MappingMetrics.NONE : meter.metrics();
  }

  void forget(String uuid) {
    MappingMeter meter = meters.remove(uuid);
    if (meter != null) {
      meter.close();
    }
  }
}
