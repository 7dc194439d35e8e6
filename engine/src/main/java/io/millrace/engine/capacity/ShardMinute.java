package io.millrace.engine.capacity;

import java.util.Optional;

/**
 * A minute of one shard.
 *
 * @param traffic what it accepted
 * @param heaviest the hash key that stood out, if any did
 */
public record ShardMinute(Traffic traffic, Optional<HotKey> heaviest) {

  private static final Traffic NEGLIGIBLE = Traffic.HOT.times(0.2);

  /** A minute in which no hash key stood out. */
  public static ShardMinute of(Traffic traffic) {
    return new ShardMinute(traffic, Optional.empty());
  }

  /** What it accepted for all other hash keys than the heaviest; this a split can divide. */
  public Traffic withoutHeaviest() {
    return traffic.times(1 - heaviest.map(HotKey::share).orElse(0.0));
  }

  /**
   * Whether it was hot by one hash key alone: all others together had at most a fifth of what makes
   * a shard hot. Then no split helps.
   */
  public boolean isHotByOneKey() {
    return traffic.isHot() && !withoutHeaviest().exceeds(NEGLIGIBLE);
  }
}
