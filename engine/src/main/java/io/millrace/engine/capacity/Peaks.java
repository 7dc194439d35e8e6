package io.millrace.engine.capacity;

import java.util.ArrayList;
import java.util.List;

/**
 * The largest minute of a sliding span of time, kept as the largest minute of each of its spells.
 * It looks back over the whole span and at most one spell more. Immutable and bounded, so that it
 * can be stored as it is.
 *
 * @param spellMinutes how long a spell is, minutes
 * @param spells how many spells the span has, beside the current one
 * @param peaks the largest minute of each spell that had any, oldest first, at most {@code spells}
 *     + 1
 */
public record Peaks(int spellMinutes, int spells, List<Peak> peaks) {

  /**
   * The largest minute of one spell.
   *
   * @param spell its number, counted from the epoch
   * @param traffic the most bytes of any minute in it, and the most records
   */
  public record Peak(long spell, Traffic traffic) {}

  public Peaks {
    peaks = List.copyOf(peaks);
    if (spellMinutes < 1 || spells < 1 || peaks.size() > spells + 1) {
      throw new IllegalArgumentException(
          "%d peaks in %d spells of %d minutes".formatted(peaks.size(), spells, spellMinutes));
    }
  }

  /** Thirty days by day, nothing observed. */
  public static Peaks ofThirtyDays() {
    return new Peaks(24 * 60, 30, List.of());
  }

  /** A day by hour, nothing observed. */
  public static Peaks ofOneDay() {
    return new Peaks(60, 24, List.of());
  }

  /**
   * With one more minute. Minutes come in order; one that lies in an earlier spell than the newest,
   * after the clock was set back, counts for the newest.
   *
   * @param epochMinute minutes since the epoch
   */
  public Peaks observe(long epochMinute, Traffic traffic) {
    long spell = Math.floorDiv(epochMinute, (long) spellMinutes);
    Peak newest = peaks.isEmpty() ? null : peaks.get(peaks.size() - 1);
    boolean opensSpell = newest == null || spell > newest.spell();
    if (!opensSpell && !traffic.exceeds(newest.traffic())) {
      return this;
    }
    Peak last =
        opensSpell
            ? new Peak(spell, traffic)
            : new Peak(newest.spell(), newest.traffic().max(traffic));
    List<Peak> later = new ArrayList<>(spells + 1);
    for (Peak peak : opensSpell ? peaks : peaks.subList(0, peaks.size() - 1)) {
      if (peak.spell() >= last.spell() - spells) {
        later.add(peak);
      }
    }
    later.add(last);
    return new Peaks(spellMinutes, spells, later);
  }

  /** The most bytes and the most records of any minute that it looks back on. */
  public Traffic max() {
    return peaks.stream().map(Peak::traffic).reduce(Traffic.NONE, Traffic::max);
  }

  /**
   * Whether this is worth storing when that was stored last: a new spell began, or the peak of the
   * current one rose by more than an eighth and more than an eighth of a shard. After a crash the
   * current spell may so be known a little too low until its traffic is seen again.
   */
  public boolean isWorthStoringAfter(Peaks stored) {
    if (peaks.isEmpty()) {
      return false;
    }
    if (stored.peaks.isEmpty()) {
      return true;
    }
    Peak newest = peaks.get(peaks.size() - 1);
    Peak known = stored.peaks.get(stored.peaks.size() - 1);
    double knownShards = known.traffic().shards();
    return newest.spell() != known.spell()
        || newest.traffic().shards() > knownShards + Math.max(1, knownShards) / 8;
  }
}
