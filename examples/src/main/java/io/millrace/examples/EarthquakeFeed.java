package io.millrace.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The week of earthquakes that comes with the program. */
final class EarthquakeFeed {

  static final String RESOURCE = "/earthquakes/earthquakes-week.json";

  private static final Duration DAY = Duration.ofDays(1);

  private EarthquakeFeed() {}

  /** When the last day of the feed begins. */
  static Instant lastDayOf(List<Earthquake> feed) {
    return feed.get(feed.size() - 1).time().minus(DAY);
  }

  /** All events, in event-time order. */
  static List<Earthquake> load() {
    try (InputStream file =
        Objects.requireNonNull(EarthquakeFeed.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      List<Earthquake> events = new ArrayList<>();
      for (JsonNode feature : new ObjectMapper().readTree(file).required("features")) {
        events.add(Earthquake.of(feature));
      }
      events.sort(Earthquake.EVENT_TIME_ORDER);
      return List.copyOf(events);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }
}
