package io.millrace.engine.capacity;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Keeps a provisioned stream at a utilisation by UpdateShardCount, for operators who ask for it.
 *
 * <p>It moves in steps of a quarter of the shards. So that a long rise does not run out of calls,
 * it shrinks only while half of those of a day are left, and from then on grows in steps of a half,
 * and with the last two by doubling.
 *
 * @param minShards the fewest shards it goes to
 * @param maxShards the most shards it goes to
 * @param targetPercent utilisation it aims at, 1 to 100, of the larger of bytes and records
 * @param coolDownOut how long after an UpdateShardCount it may scale out, up to 24 hours
 * @param coolDownIn how long after an UpdateShardCount it may scale in, up to 24 hours
 */
public record AutoscalingPolicy(
    int minShards, int maxShards, int targetPercent, Duration coolDownOut, Duration coolDownIn) {

  private static final Duration LONGEST_COOL_DOWN = Duration.ofHours(24);

  /**
   * What it wants.
   *
   * @param targetShardCount the count to scale to; empty to leave it
   * @param explanation why, one sentence for people
   */
  public record Decision(OptionalInt targetShardCount, String explanation) {

    private static Decision scaleTo(int target, String explanation) {
      return new Decision(OptionalInt.of(target), explanation);
    }

    private static Decision stay(String explanation) {
      return new Decision(OptionalInt.empty(), explanation);
    }
  }

  public AutoscalingPolicy {
    if (minShards < 1 || maxShards < minShards || maxShards > ShardCountBounds.MAX_TARGET) {
      throw new IllegalArgumentException(
          "not within 1..%d: %d..%d shards"
              .formatted(ShardCountBounds.MAX_TARGET, minShards, maxShards));
    }
    if (targetPercent < 1 || targetPercent > 100) {
      throw new IllegalArgumentException("not a utilisation: %d %%".formatted(targetPercent));
    }
    if (isNoCoolDown(coolDownOut) || isNoCoolDown(coolDownIn)) {
      throw new IllegalArgumentException(
          "not within 24 hours: %s out, %s in".formatted(coolDownOut, coolDownIn));
    }
  }

  /** Aims at 70 %; cools down for 15 minutes before scaling out, 60 before scaling in. */
  public static AutoscalingPolicy between(int minShards, int maxShards) {
    return new AutoscalingPolicy(
        minShards, maxShards, 70, Duration.ofMinutes(15), Duration.ofMinutes(60));
  }

  /**
   * Decides on the last five minutes.
   *
   * @param openShards how many shards are open
   * @param calls the UpdateShardCount calls that were made, whoever made them
   * @param nowMillis epoch milliseconds
   */
  public Decision decide(RecentTraffic recent, int openShards, RollingQuota calls, long nowMillis) {
    if (recent.mean().isEmpty()) {
      return Decision.stay("not observed for five minutes yet");
    }
    Traffic mean = recent.mean().get();
    int needed =
        Math.max(
            minShards, Math.min(maxShards, (int) Math.ceil(mean.shards() * 100 / targetPercent)));
    int left = calls.remaining(nowMillis);
    int target =
        needed > openShards
            ? out(needed, openShards, left > calls.limit() / 2 ? 4 : left > 2 ? 2 : 1)
            : in(needed, openShards);
    String figures =
        "%s in %d shards, %d needed at %d %%".formatted(mean, openShards, needed, targetPercent);
    if (target == openShards) {
      return Decision.stay(figures);
    }
    boolean isOut = target > openShards;
    OptionalLong lastCall = calls.newestMillis(nowMillis);
    Duration coolDown = isOut ? coolDownOut : coolDownIn;
    if (lastCall.isPresent() && nowMillis - lastCall.getAsLong() < coolDown.toMillis()) {
      return Decision.stay(figures + ", cooling down");
    }
    if (left < (isOut ? 1 : calls.limit() / 2)) {
      return Decision.stay(figures + ", but too few calls are left today");
    }
    return Decision.scaleTo(target, figures);
  }

  private int out(int needed, int openShards, int stepsToDouble) {
    int step = Math.max(1, openShards / stepsToDouble);
    int steps = (needed - openShards + step - 1) / step;
    int most = Math.min(maxShards, ShardCountBounds.of(openShards).largest());
    return Math.max(openShards, Math.min(most, openShards + steps * step));
  }

  private static int in(int needed, int openShards) {
    int step = Math.max(1, openShards / 4);
    int steps = (openShards - needed) / step;
    int fewest = ShardCountBounds.of(openShards).smallest();
    return Math.min(openShards, Math.max(fewest, openShards - steps * step));
  }

  private static boolean isNoCoolDown(Duration duration) {
    return duration.isNegative() || duration.compareTo(LONGEST_COOL_DOWN) > 0;
  }
}
