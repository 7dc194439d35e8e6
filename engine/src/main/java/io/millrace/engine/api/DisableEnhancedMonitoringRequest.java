package io.millrace.engine.api;

import io.millrace.engine.model.MetricsName;
import java.util.List;

/**
 * DisableEnhancedMonitoring: switches off what is counted of each shard of a stream. Repeating it
 * changes nothing.
 *
 * <p>Refused with {@link ResourceNotFoundException} when there is no such stream, with {@link
 * ResourceInUseException} unless it is ACTIVE.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param shardLevelMetrics what is no longer counted, 1 to 7; {@link MetricsName#ALL} for
 *     everything; required
 * @param streamARN the stream, unless {@code streamName} names it
 */
public record DisableEnhancedMonitoringRequest(
    String streamName, List<MetricsName> shardLevelMetrics, String streamARN)
    implements StreamRequest {

  /** Copies the list. One that is null is for {@link #validate()} to name. */
  public DisableEnhancedMonitoringRequest {
    shardLevelMetrics = ShardLevelMetrics.copy(shardLevelMetrics);
  }

  /** The stream of this name. */
  public static DisableEnhancedMonitoringRequest of(String streamName, MetricsName... metrics) {
    return new DisableEnhancedMonitoringRequest(streamName, List.of(metrics), null);
  }

  @Override
  public void validate() {
    ShardLevelMetrics.validate(streamName, shardLevelMetrics, streamARN);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
