package io.millrace.fanout;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * How records are pushed, the same for all of an engine.
 *
 * @param maxRecords one element holds at most so many records, at least 1
 * @param maxBytes one element holds at most so many bytes of data and keys, or one larger record
 * @param bytesPerSecond what a registered consumer gets of one shard in a second; empty when limits
 *     are off
 * @param answerTimeout how long a consumer's actor may take to answer
 */
record FanOutSettings(
    int maxRecords, int maxBytes, OptionalLong bytesPerSecond, Duration answerTimeout) {

  private static final long KINESIS_BYTES_PER_SECOND = 2 << 20;

  /** SubscribeToShard: bounds of an event (ADR 14). */
  private static final int MAX_EVENT_RECORDS = 1000;

  private static final int MAX_EVENT_BYTES = 1 << 20;

  FanOutSettings {
    if (maxRecords < 1 || maxBytes < 1) {
      throw new IllegalArgumentException(
          "an element must have room: %d records, %d bytes".formatted(maxRecords, maxBytes));
    }
  }

  /** Reads the sections {@code fan-out} and {@code limits} of {@code millrace}. */
  static FanOutSettings of(Config millrace) {
    Config fanOut = millrace.getConfig("fan-out");
    return new FanOutSettings(
        fanOut.getInt("max-records"),
        Math.toIntExact(fanOut.getBytes("max-bytes")),
        bytesPerSecond(millrace.getConfig("limits")),
        millrace.getDuration("answer-timeout"));
  }

  /** The same for subscriptions of registered consumers. */
  FanOutSettings forEvents() {
    return new FanOutSettings(
        Math.min(maxRecords, MAX_EVENT_RECORDS),
        Math.min(maxBytes, MAX_EVENT_BYTES),
        bytesPerSecond,
        answerTimeout);
  }

  private static OptionalLong bytesPerSecond(Config limits) {
    return switch (limits.getString("mode")) {
      case "off" -> OptionalLong.empty();
      case "custom" -> OptionalLong.of(limits.getBytes("custom.read-bytes-per-second"));
      default -> OptionalLong.of(KINESIS_BYTES_PER_SECOND);
    };
  }
}
