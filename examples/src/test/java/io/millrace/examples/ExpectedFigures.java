package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.examples.EarthquakeAlerts.Alerts;
import io.millrace.examples.EarthquakeGroup.Counts;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The figures of the feed, taken straight from the file by other means than the program's.
 *
 * @param events how many there are
 * @param live the events of the day before the last one
 * @param byNetwork the figures of each network
 * @param byShard how many events go to each of four shards, by index
 * @param byMagnitude how many events lie between 3, 4.5 and 6, weakest first
 * @param middle the event that stands in the middle by time, and by id where times are equal
 */
record ExpectedFigures(
    int events,
    Live live,
    Map<String, Network> byNetwork,
    Map<Integer, Integer> byShard,
    List<Integer> byMagnitude,
    Middle middle) {

  /**
   * The last day.
   *
   * @param events how many happened in it
   * @param strong how many of them have a magnitude of 4.5 or more
   */
  record Live(int events, int strong) {}

  /**
   * One event.
   *
   * @param magnitude its place in {@code byMagnitude}
   */
  record Middle(String id, int magnitude) {}

  /**
   * One network: how many events, and the first of the strongest.
   *
   * @param time when the strongest happened, in epoch milliseconds
   */
  record Network(int events, double magnitude, String place, long time) {

    private Network merge(Network other) {
      boolean isOtherStrongest =
          other.magnitude > magnitude || (other.magnitude == magnitude && other.time < time);
      Network strongest = isOtherStrongest ? other : this;
      return new Network(
          events + other.events, strongest.magnitude, strongest.place, strongest.time);
    }
  }

  static ExpectedFigures ofFile() throws IOException {
    JsonNode feed =
        new ObjectMapper()
            .readTree(Path.of("src/main/resources/earthquakes/earthquakes-week.json").toFile());
    Map<String, Network> byNetwork = new TreeMap<>();
    Map<Integer, Integer> byShard = new TreeMap<>();
    int events = 0;
    Integer[] byMagnitude = {0, 0, 0, 0};
    SortedMap<String, Middle> byTime = new TreeMap<>();
    for (JsonNode event : feed.get("features")) {
      JsonNode properties = event.get("properties");
      String network = properties.get("net").asText();
      JsonNode magnitude = properties.get("mag");
      byNetwork.merge(
          network,
          new Network(
              1,
              magnitude.isNull() ? Double.NEGATIVE_INFINITY : magnitude.asDouble(),
              properties.get("place").asText(),
              properties.get("time").asLong()),
          Network::merge);
      byShard.merge(shardOf(network), 1, Integer::sum);
      events++;
      int place = placeOf(magnitude.asDouble());
      byMagnitude[place]++;
      String id = event.get("id").asText();
      byTime.put("%020d%s".formatted(properties.get("time").asLong(), id), new Middle(id, place));
    }
    return new ExpectedFigures(
        events,
        lastDayOf(feed.get("features")),
        byNetwork,
        byShard,
        List.of(byMagnitude),
        List.copyOf(byTime.values()).get(events / 2));
  }

  /** That a run has found all of it, wherever it began. */
  void check(ReplaySummary summary) {
    StreamContents contents = summary.contents();
    assertThat(contents.events()).isEqualTo(events());
    assertThat(contents.duplicates()).isZero();
    assertThat(contents.misplaced()).isZero();
    assertThat(contents.networks().keySet()).isEqualTo(byNetwork().keySet());
    contents
        .networks()
        .forEach(
            (name, tally) -> {
              Network figures = byNetwork().get(name);
              Earthquake strongest = tally.strongest().orElseThrow();
              assertThat(tally.events()).as(name).isEqualTo(figures.events());
              assertThat(strongest.magnitude()).as(name).hasValue(figures.magnitude());
              assertThat(strongest.place()).as(name).isEqualTo(figures.place());
            });
    assertThat(
            contents.shards().entrySet().stream()
                .collect(
                    toMap(entry -> entry.getKey().index(), entry -> entry.getValue().records())))
        .isEqualTo(byShard());
    assertCounts(summary.findings().counts());
    assertAlerts(summary.findings().alerts());
  }

  private void assertCounts(Counts counts) {
    Map<String, Integer> events = new TreeMap<>();
    byNetwork().forEach((name, figures) -> events.put(name, figures.events()));
    assertThat(counts.networks()).isEqualTo(events);
  }

  private void assertAlerts(Alerts alerts) {
    List<Integer> events = new ArrayList<>(byMagnitude());
    events.set(middle().magnitude(), events.get(middle().magnitude()) - 1);
    assertThat(alerts.events().keySet()).containsExactly(MagnitudeClass.values());
    assertThat(alerts.events().values()).containsExactlyElementsOf(events);
    assertThat(alerts.refused()).containsExactly(middle().id());
  }

  private static Live lastDayOf(JsonNode events) {
    long last = Long.MIN_VALUE;
    for (JsonNode event : events) {
      last = Math.max(last, event.at("/properties/time").asLong());
    }
    int live = 0;
    int strong = 0;
    for (JsonNode event : events) {
      if (last - event.at("/properties/time").asLong() <= 86_400_000) {
        live++;
        strong += event.at("/properties/mag").asDouble() >= 4.5 ? 1 : 0;
      }
    }
    return new Live(live, strong);
  }

  private static int placeOf(double magnitude) {
    if (magnitude >= 6) {
      return 3;
    }
    if (magnitude >= 4.5) {
      return 2;
    }
    return magnitude >= 3 ? 1 : 0;
  }

  /** The shards of a new stream own a quarter of the hash keys each. */
  private static int shardOf(String partitionKey) {
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(partitionKey.getBytes(UTF_8));
      return new BigInteger(1, md5).shiftRight(126).intValue();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
