package io.millrace.engine.consumer;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How often a polling reader reads its shard.
 *
 * @param whileBehind pause between two reads while there is more to read
 * @param whenCaughtUp pause after a read that reached the end
 * @param firstBackoff bound of the first pause after a read that failed; doubled for each further
 *     one
 * @param maxBackoff the bound grows no further than this
 */
public record PollingPace(
    Duration whileBehind, Duration whenCaughtUp, Duration firstBackoff, Duration maxBackoff) {

  /** GetRecords: at most 5 calls per second of a shard. */
  private static final Duration BETWEEN_CALLS = Duration.ofMillis(200);

  private static final Duration CAUGHT_UP = Duration.ofSeconds(1);

  public PollingPace {
    if (whileBehind.isNegative() || whenCaughtUp.isNegative() || firstBackoff.isNegative()) {
      throw new IllegalArgumentException("a pause cannot be negative");
    }
    if (maxBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException("the longest pause is shorter than the first");
    }
  }

  /**
   * The pace that fits the limits of an engine: a call each 200 ms while behind where calls are
   * limited, without pause where they are not; each second at the end.
   *
   * @param limits the section {@code limits} of {@code millrace}
   */
  public static PollingPace of(Config limits) {
    boolean isLimited = !limits.getString("mode").equals("off");
    return new PollingPace(
        isLimited ? BETWEEN_CALLS : Duration.ZERO,
        CAUGHT_UP,
        BETWEEN_CALLS,
        Duration.ofSeconds(10));
  }

  /** The same pace with another pause at the end of the shard. */
  public PollingPace withWhenCaughtUp(Duration pause) {
    return new PollingPace(whileBehind, pause, firstBackoff, maxBackoff);
  }
}
