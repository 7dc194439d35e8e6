package io.millrace.processors.mapping;

import io.millrace.processors.api.MappingMetrics;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The meters of all mappings, by UUID. Safe for any thread. */
public final class MappingMeters {

  private final ConcurrentMap<String, MappingMeter> meters = new ConcurrentHashMap<>();

  MappingMeter of(String uuid) {
    return meters.computeIfAbsent(uuid, first -> new MappingMeter());
  }

  /** What a mapping has done; nothing where nothing is known of it. */
  public MappingMetrics metrics(String uuid) {
    MappingMeter meter = meters.get(uuid);
    return meter == null ? MappingMetrics.NONE : meter.metrics();
  }

  void forget(String uuid) {
    meters.remove(uuid);
  }
}
