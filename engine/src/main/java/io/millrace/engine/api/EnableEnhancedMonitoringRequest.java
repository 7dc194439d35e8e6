package io.millrace.engine.api;

import io.millrace.engine.model.MetricsName;
import java.util.List;

/**
 * EnableEnhancedMonitoring: switches on what is counted of each shard of a stream. Repeating it
 * changes nothing.
 *
 * <p>Refused with {@link ResourceNotFoundException} when there is no such stream, with {@link
 * ResourceInUseException} unless it is ACTIVE.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param shardLevelMetrics what is to be counted, 1 to 7; {@link MetricsName#ALL} for everything;
 *     required
 * @param streamARN the stream, unless {@code streamName} names it
 */
public record EnableEnhancedMonitoringRequest(
    String streamName, List<MetricsName> shardLevelMetrics, String streamARN)
    implements StreamRequest {

  /** Copies the list. One that is null is for {@link #validate()} to name. */
  public EnableEnhancedMonitoringRequest {
    shardLevelMetrics = ShardLevelMetrics.copy(shardLevelMetrics);
  }

  /** The stream of this name. */
  public static EnableEnhancedMonitoringRequest of(String streamName, MetricsName... metrics) {
    return new EnableEnhancedMonitoringRequest(streamName, List.of(metrics), null);
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
