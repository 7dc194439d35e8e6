package io.millrace.engine.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The last five minutes of a stream. Immutable.
 *
 * @param minutes oldest first, at most 5
 */
public record RecentTraffic(List<Traffic> minutes) {

  /** Nothing observed. */
  public static final RecentTraffic NONE = new RecentTraffic(List.of());

  private static final int LENGTH = 5;

  public RecentTraffic {
    minutes = List.copyOf(minutes);
    if (minutes.size() > LENGTH) {
      throw new IllegalArgumentException("more than " + LENGTH + " minutes: " + minutes.size());
    }
  }

  /** With one more minute. */
  public RecentTraffic observe(Traffic minute) {
    List<Traffic> later = new ArrayList<>(minutes);
    later.add(minute);
    return new RecentTraffic(later.subList(Math.max(0, later.size() - LENGTH), later.size()));
  }

  /** The mean minute; empty before five were observed. */
  public Optional<Traffic> mean() {
    return minutes.size() < LENGTH
        ? Optional.empty()
        : Optional.of(minutes.stream().reduce(Traffic.NONE, Traffic::plus).times(1.0 / LENGTH));
  }
}
