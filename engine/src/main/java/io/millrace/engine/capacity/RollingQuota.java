package io.millrace.engine.capacity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * At most so many calls within any window of time. Immutable and bounded, so that it can be stored
 * as it is.
 *
 * @param limit how many
 * @param windowMillis how long a window is, milliseconds
 * @param takenMillis when the newest calls were made, epoch milliseconds, oldest first, at most
 *     {@code limit}
 */
public record RollingQuota(int limit, long windowMillis, List<Long> takenMillis) {

  public RollingQuota {
    takenMillis = List.copyOf(takenMillis);
    if (limit < 1 || windowMillis < 1 || takenMillis.size() > limit) {
      throw new IllegalArgumentException(
          "%d of %d calls in %d ms".formatted(takenMillis.size(), limit, windowMillis));
    }
  }

  /** UpdateShardCount: 10 calls for a stream in 24 hours. */
  public static RollingQuota ofShardCountUpdates() {
    return perDay(10);
  }

  /** UpdateStreamMode: 2 switches of a stream in 24 hours. */
  public static RollingQuota ofModeSwitches() {
    return perDay(2);
  }

  /** StartStreamEncryption and StopStreamEncryption: 25 calls of each for a stream in 24 hours. */
  public static RollingQuota ofEncryptionCalls() {
    return perDay(25);
  }

  private static RollingQuota perDay(int limit) {
    return new RollingQuota(limit, Duration.ofHours(24).toMillis(), List.of());
  }

  /** How many calls may be made now. A call at a time yet to come, by a clock set back, counts. */
  public int remaining(long nowMillis) {
    return limit - (int) takenMillis.stream().filter(at -> isWithin(at, nowMillis)).count();
  }

  /** When the next call may be made: now, or later; epoch milliseconds. */
  public long nextMillis(long nowMillis) {
    return remaining(nowMillis) > 0
        ? nowMillis
        : takenMillis.stream().mapToLong(at -> at + windowMillis).min().orElse(nowMillis);
  }

  /** When the newest call within the window was made, epoch milliseconds. */
  public OptionalLong newestMillis(long nowMillis) {
    return takenMillis.stream().filter(at -> isWithin(at, nowMillis)).mapToLong(at -> at).max();
  }

  /**
   * After one more call.
   *
   * @throws IllegalStateException when none {@linkplain #remaining remains}
   */
  public RollingQuota take(long nowMillis) {
    if (remaining(nowMillis) == 0) {
      throw new IllegalStateException("no call before " + nextMillis(nowMillis));
    }
    List<Long> later = new ArrayList<>(limit);
    takenMillis.stream().filter(at -> isWithin(at, nowMillis)).forEach(later::add);
    later.add(nowMillis);
    later.sort(null);
    return new RollingQuota(limit, windowMillis, later);
  }

  private boolean isWithin(long atMillis, long nowMillis) {
    return nowMillis - atMillis < windowMillis;
  }
}
