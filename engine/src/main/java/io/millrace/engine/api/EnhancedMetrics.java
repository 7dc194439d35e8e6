package io.millrace.engine.api;

import io.millrace.engine.model.MetricsName;
import java.util.Collection;
import java.util.List;

/**
 * What is counted of each shard of a stream.
 *
 * @param shardLevelMetrics the names; none unless EnableEnhancedMonitoring was called
 */
public record EnhancedMetrics(List<MetricsName> shardLevelMetrics) {

  public EnhancedMetrics {
    shardLevelMetrics = List.copyOf(shardLevelMetrics);
  }

  /** The one entry that a description has. */
  public static List<EnhancedMetrics> of(Collection<MetricsName> shardLevelMetrics) {
    return List.of(new EnhancedMetrics(List.copyOf(shardLevelMetrics)));
  }
}
