package io.millrace.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.engine.model.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.OptionalDouble;

/**
 * One event of the feed.
 *
 * @param id its id, unique in the feed: by it a record is recognised when it is met again
 * @param network the seismic network that reported it; the partition key
 * @param time when it happened
 * @param magnitude its magnitude, if it has one
 * @param place a description of where, perhaps empty
 * @param json the event as it stands in the feed; the data of its record
 */
record Earthquake(
    String id, String network, Instant time, OptionalDouble magnitude, String place, Payload json) {

  /** Event time, ties by id. */
  static final Comparator<Earthquake> EVENT_TIME_ORDER =
      Comparator.comparing(Earthquake::time).thenComparing(Earthquake::id);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The event of a feature of the feed. */
  static Earthquake of(JsonNode feature) {
    return of(feature, Payload.utf8(feature.toString()));
  }

  /** The event of a record. */
  static Earthquake of(Payload json) {
    try {
      return of(JSON.readTree(json.toByteArray()), json);
    } catch (IOException e) {
      throw new UncheckedIOException("a record that holds no earthquake", e);
    }
  }

  private static Earthquake of(JsonNode feature, Payload json) {
    JsonNode properties = feature.required("properties");
    JsonNode magnitude = properties.path("mag");
    return new Earthquake(
        feature.required("id").textValue(),
        properties.required("net").textValue(),
        Instant.ofEpochMilli(properties.required("time").longValue()),
        magnitude.isNumber() ? OptionalDouble.of(magnitude.doubleValue()) : OptionalDouble.empty(),
        properties.path("place").asText(""),
        json);
  }
}
