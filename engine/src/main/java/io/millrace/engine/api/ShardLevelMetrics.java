package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.SHARD_LEVEL_METRICS;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.MetricsName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What EnableEnhancedMonitoring and DisableEnhancedMonitoring ask of their members. */
final class ShardLevelMetrics {

  private ShardLevelMetrics() {}

  /** A copy; null stays null, and what is null inside is for {@link #validate} to name. */
  static List<MetricsName> copy(List<MetricsName> metrics) {
    return metrics == null ? null : Collections.unmodifiableList(new ArrayList<>(metrics));
  }

  static void validate(String streamName, List<MetricsName> metrics, String streamARN) {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .required("shardLevelMetrics", metrics)
        .entries("shardLevelMetrics", metrics, SHARD_LEVEL_METRICS)
        .requiredEntries("shardLevelMetrics", metrics)
        .text("streamARN", streamARN, STREAM_ARN)
        .throwIfAny();
  }
}
