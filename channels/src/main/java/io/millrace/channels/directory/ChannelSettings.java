package io.millrace.channels.directory;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The section {@code millrace.channels}.
 *
 * @param directory the directory of the buckets; empty when none is named and the storage has none
 * @param maxChannels how many channels the account may have
 * @param maxPerStream how many channels may read a stream
 * @param minFreshness the least freshness that may be asked for
 * @param maxFreshness the greatest
 * @param maxObjectBytes data of records after which an object is delivered, bytes
 * @param checkInterval how often a shard looks whether an object is due
 * @param minBackoff first pause before something that failed is tried again
 * @param maxBackoff the longest one
 * @param answerTimeout how long the channels may take to answer
 */
record ChannelSettings(
    Optional<Path> directory,
    int maxChannels,
    int maxPerStream,
    Duration minFreshness,
    Duration maxFreshness,
    long maxObjectBytes,
    Duration checkInterval,
    Duration minBackoff,
    Duration maxBackoff,
    Duration answerTimeout) {

  private static final String BESIDE_THE_STREAMS = "channels";

  /**
   * Reads the settings.
   *
   * @param millrace the section {@code millrace}, complete with defaults
   * @throws ConfigException when a shard that gathers would be taken for one that stands still
   */
  static ChannelSettings of(Config millrace) {
    Config channels = millrace.getConfig("channels");
    requireLess(millrace, "channels.max-data-freshness", "consumers.progress-timeout");
    return new ChannelSettings(
        path(channels, "directory")
            .or(
                () ->
                    path(millrace, "storage.directory")
                        .map(data -> data.resolve(BESIDE_THE_STREAMS))),
        channels.getInt("max-channels"),
        channels.getInt("max-per-stream"),
        channels.getDuration("min-data-freshness"),
        channels.getDuration("max-data-freshness"),
        channels.getBytes("max-object-bytes"),
        channels.getDuration("check-interval"),
        channels.getDuration("min-backoff"),
        channels.getDuration("max-backoff"),
        millrace.getDuration("answer-timeout"));
  }

  private static void requireLess(Config millrace, String shorter, String longer) {
    if (millrace.getDuration(shorter).compareTo(millrace.getDuration(longer)) >= 0) {
      throw new ConfigException.BadValue(
          millrace.getValue(shorter).origin(),
          "millrace." + shorter,
          "must be less than millrace." + longer);
    }
  }

  private static Optional<Path> path(Config config, String key) {
    return config.hasPath(key) ? Optional.of(Path.of(config.getString(key))) : Optional.empty();
  }
}
