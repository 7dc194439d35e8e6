package io.millrace.engine.stream;

import com.typesafe.config.Config;
import io.millrace.engine.model.StreamMode;
import java.time.Duration;

/**
 * How the registered consumers of streams are kept.
 *
 * @param delay how long a consumer stays CREATING, and how long DELETING, at least
 * @param perStream how many a stream may have
 * @param perCommittedStream how many an on-demand stream may have while the account is committed to
 *     a minimum throughput
 * @param creating how many of a stream may be CREATING at once
 */
public record ConsumerSettings(
    Duration delay, int perStream, int perCommittedStream, int creating) {

  static ConsumerSettings of(Config streams) {
    return new ConsumerSettings(
        streams.getDuration("consumer-delay"),
        streams.getInt("max-consumers"),
        streams.getInt("max-committed-consumers"),
        streams.getInt("max-creating-consumers"));
  }

  /** What holds for a stream in this mode. */
  ConsumerQuota quota(StreamMode mode, boolean isCommitted) {
    return new ConsumerQuota(
        isCommitted && mode == StreamMode.ON_DEMAND ? perCommittedStream : perStream, creating);
  }
}
