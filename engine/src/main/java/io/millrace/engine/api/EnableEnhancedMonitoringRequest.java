package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.SHARD_LEVEL_METRICS;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.MetricsName;
import java.util.ArrayList;
import java.util.Collections;
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
    shardLevelMetrics =
        shardLevelMetrics == null
            ? null
            : Collections.unmodifiableList(new ArrayList<>(shardLevelMetrics));
  }

  /** The stream of this name. */
  public static EnableEnhancedMonitoringRequest of(String streamName, MetricsName... metrics) {
    return new EnableEnhancedMonitoringRequest(streamName, List.of(metrics), null);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .required("shardLevelMetrics", shardLevelMetrics)
        .entries("shardLevelMetrics", shardLevelMetrics, SHARD_LEVEL_METRICS)
        .requiredEntries("shardLevelMetrics", shardLevelMetrics)
        .text("streamARN", streamARN, STREAM_ARN)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
