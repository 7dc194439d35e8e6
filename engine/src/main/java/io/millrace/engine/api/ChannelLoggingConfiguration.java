package io.millrace.engine.api;

/**
 * What a channel logs, as it is asked for and as it is described.
 *
 * @param cloudWatchLogs where to; required
 */
public record ChannelLoggingConfiguration(CloudWatchLogs cloudWatchLogs) {

  void validate(String path, Violations violations) {
    violations.required(path + ".cloudWatchLogs", cloudWatchLogs);
    if (cloudWatchLogs != null) {
      cloudWatchLogs.validate(path + ".cloudWatchLogs", violations);
    }
  }
}
