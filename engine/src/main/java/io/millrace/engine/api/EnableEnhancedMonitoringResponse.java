package io.millrace.engine.api;

import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.StreamName;
import java.util.List;

/**
 * What is counted of each shard has changed.
 *
 * @param streamName the stream
 * @param currentShardLevelMetrics what was counted before
 * @param desiredShardLevelMetrics what is counted now
 * @param streamARN the stream
 */
public record EnableEnhancedMonitoringResponse(
    StreamName streamName,
    List<MetricsName> currentShardLevelMetrics,
    List<MetricsName> desiredShardLevelMetrics,
    String streamARN) {

  public EnableEnhancedMonitoringResponse {
    currentShardLevelMetrics = List.copyOf(currentShardLevelMetrics);
    desiredShardLevelMetrics = List.copyOf(desiredShardLevelMetrics);
  }
}
