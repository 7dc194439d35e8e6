package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.LOG_GROUP_NAME;
import static io.millrace.engine.api.Constraints.LOG_STREAM_NAME;

/**
 * Where a channel logs to.
 *
 * @param enabled whether it does; required
 * @param logGroupName the log group; null for {@code /aws/kinesis/<channel name>/<channel id>} when
 *     a channel is created, and for the present one when it is updated
 * @param logStreamName the log stream; null for {@code DestinationDelivery} when a channel is
 *     created, and for the present one when it is updated
 */
public record CloudWatchLogs(Boolean enabled, String logGroupName, String logStreamName) {

  void validate(String path, Violations violations) {
    violations
        .required(path + ".enabled", enabled)
        .text(path + ".logGroupName", logGroupName, LOG_GROUP_NAME)
        .text(path + ".logStreamName", logStreamName, LOG_STREAM_NAME);
  }
}
