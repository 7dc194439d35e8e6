package io.millrace.channels.directory;

import io.millrace.engine.api.CloudWatchLogs;

/** Names of logs: a log group and a stream in it are a logger here. */
final class LogNames {

  private LogNames() {}

  /** What is logged, with the names that a new channel has by default. */
  static CloudWatchLogs completed(CloudWatchLogs asked, String channelName, String channelId) {
    return completed(
        asked,
        new CloudWatchLogs(
            false, "/aws/kinesis/%s/%s".formatted(channelName, channelId), "DestinationDelivery"));
  }

  /** What is logged, with names from before where none are asked for. */
  static CloudWatchLogs completed(CloudWatchLogs asked, CloudWatchLogs before) {
    if (asked == null) {
      return before;
    }
    return new CloudWatchLogs(
        asked.enabled(),
        asked.logGroupName() == null ? before.logGroupName() : asked.logGroupName(),
        asked.logStreamName() == null ? before.logStreamName() : asked.logStreamName());
  }

  /** The logger: {@code aws.kinesis.<name>.<id>.DestinationDelivery}. */
  static String logger(CloudWatchLogs logs) {
    String path = logs.logGroupName() + "/" + logs.logStreamName();
    return path.replaceAll("^/+", "").replace('/', '.');
  }
}
