package io.millrace.examples;

import static io.millrace.examples.Waits.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.StartingPosition;
import io.millrace.examples.AlertHandler.Alert;
import io.millrace.processors.Processors;
import io.millrace.processors.api.CreateEventSourceMappingRequest;
import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.ListEventSourceMappingsRequest;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.MappingState;
import io.millrace.processors.api.OnFailure;
import io.millrace.processors.api.UpdateEventSourceMappingRequest;
import io.millrace.processors.function.Functions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * Raises alerts for each class of magnitude, in tumbling windows of the time of arrival: a function
 * that is fed from the stream. It cannot cope with one event of the feed, which is given up after a
 * few tries; the notice of it goes to a file, and the rest goes on.
 *
 * <p>The mapping goes on from where it was stopped. Alerts are kept in a file, with the ids of
 * their events, so that an alert that is raised twice is counted once.
 */
final class EarthquakeAlerts {

  /** Alerts, a line of JSON for each. */
  static final String ALERTS_FILE = "alerts.jsonl";

  /** Notices of what was given up. */
  static final String REFUSED_FILE = "refused.jsonl";

  private static final String FUNCTION = "earthquake-alerts";
  private static final int WINDOW_SECONDS = 1;
  private static final int RETRIES = 2;

  /** A window is over a few seconds after its end at the latest. */
  private static final Duration LAST_WINDOW = Duration.ofSeconds(20);

  private final Millrace millrace;
  private final Processors processors;
  private final String stream;
  private final Path refusedFile;
  private final JsonLines<Alert> alertsFile;
  private final JsonLines<JsonNode> notices;
  private final List<Earthquake> feed;
  private final Map<MagnitudeClass, Set<String>> alerted = new EnumMap<>(MagnitudeClass.class);
  private int raised;

  /**
   * What is known of alerts when all events have been processed.
   *
   * @param events the events of each class that alerts were raised for
   * @param refused the events that were given up
   * @param raised how many alerts this run raised
   * @param processed how many records this run processed
   * @param isExact whether these are all events of the feed, each in its class, and the right one
   *     was refused
   */
  record Alerts(
      Map<MagnitudeClass, Integer> events,
      Set<String> refused,
      int raised,
      long processed,
      boolean isExact) {}

  EarthquakeAlerts(Millrace millrace, String stream, Path directory, List<Earthquake> feed) {
    this.millrace = millrace;
    this.processors = Processors.of(millrace);
    this.stream = stream;
    this.refusedFile = directory.toAbsolutePath().normalize().resolve(REFUSED_FILE);
    this.alertsFile = new JsonLines<>(directory.resolve(ALERTS_FILE), Alert.class);
    this.notices = new JsonLines<>(refusedFile, JsonNode.class);
    this.feed = feed;
  }

  /** The event that the function cannot cope with: the one in the middle of the feed. */
  static String refusedId(List<Earthquake> feed) {
    return feed.get(feed.size() / 2).id();
  }

  /** Processes what has not been processed yet. */
  Alerts run(IntConsumer reached) {
    alertsFile.read().forEach(this::count);
    processors.register(
        FUNCTION, Functions.timeWindow(new AlertHandler(refusedId(feed), this::raise)));
    String mapping = mapping();
    await(processors.updateEventSourceMapping(UpdateEventSourceMappingRequest.enable(mapping)));
    awaitState(mapping, MappingState.ENABLED);
    boolean isComplete =
        Waits.isReached(
            LAST_WINDOW,
            () -> {
              int done = countAlerted() + (notices.read().isEmpty() ? 0 : 1);
              reached.accept(done);
              return done >= feed.size();
            });
    await(processors.updateEventSourceMapping(UpdateEventSourceMappingRequest.disable(mapping)));
    awaitState(mapping, MappingState.DISABLED);
    return alerts(processors.metrics(mapping).processedRecords(), isComplete);
  }

  /** Forgets how far it was, and all alerts. */
  void forget() {
    for (EventSourceMapping mapping : mappings()) {
      await(processors.deleteEventSourceMapping(mapping.uuid()));
    }
    Waits.until("the mapping to be gone", () -> mappings().isEmpty());
    alertsFile.delete();
    notices.delete();
  }

  private List<EventSourceMapping> mappings() {
    return await(processors.listEventSourceMappings(ListEventSourceMappingsRequest.all()))
        .eventSourceMappings();
  }

  private String mapping() {
    return mappings().stream()
        .map(EventSourceMapping::uuid)
        .findFirst()
        .orElseGet(this::createMapping);
  }

  private String createMapping() {
    String streamArn =
        await(millrace.client().describeStreamSummary(DescribeStreamSummaryRequest.of(stream)))
            .streamDescriptionSummary()
            .streamARN();
    MappingOptions options =
        MappingOptions.defaults()
            .withTumblingWindowInSeconds(WINDOW_SECONDS)
            .withMaximumRetryAttempts(RETRIES)
            .withOnFailure(new OnFailure.ToFile(refusedFile));
    return await(
            processors.createEventSourceMapping(
                CreateEventSourceMappingRequest.of(
                        streamArn, FUNCTION, StartingPosition.trimHorizon())
                    .withOptions(options)))
        .uuid();
  }

  private void awaitState(String mapping, MappingState state) {
    Waits.until(
        "the mapping to be " + state.apiName(),
        () -> await(processors.getEventSourceMapping(mapping)).state() == state);
  }

  private synchronized void raise(List<Alert> alerts) {
    alertsFile.append(alerts);
    alerts.forEach(this::count);
    raised += alerts.size();
  }

  private synchronized void count(Alert alert) {
    alerted.computeIfAbsent(alert.magnitude(), ofClass -> new HashSet<>()).addAll(alert.ids());
  }

  private synchronized int countAlerted() {
    return alerted.values().stream().mapToInt(Set::size).sum();
  }

  private synchronized Alerts alerts(long processed, boolean isComplete) {
    Map<MagnitudeClass, Integer> events = new EnumMap<>(MagnitudeClass.class);
    alerted.forEach((ofClass, ids) -> events.put(ofClass, ids.size()));
    Set<String> refused = refused();
    boolean isExact =
        isComplete && refused.equals(Set.of(refusedId(feed))) && alerted.equals(expected());
    return new Alerts(events, refused, raised, processed, isExact);
  }

  private Map<MagnitudeClass, Set<String>> expected() {
    Map<MagnitudeClass, Set<String>> expected = new EnumMap<>(MagnitudeClass.class);
    for (Earthquake event : feed) {
      if (!event.id().equals(refusedId(feed))) {
        expected
            .computeIfAbsent(MagnitudeClass.of(event), ofClass -> new HashSet<>())
            .add(event.id());
      }
    }
    return expected;
  }

  /** A notice says where its records are, which are then read. It may be there more than once. */
  private Set<String> refused() {
    Set<String> ids = new TreeSet<>();
    for (JsonNode notice : notices.read()) {
      JsonNode batch = notice.required("KinesisBatchInfo");
      String iterator =
          await(
                  millrace
                      .client()
                      .getShardIterator(
                          GetShardIteratorRequest.atSequenceNumber(
                              stream,
                              batch.required("shardId").textValue(),
                              batch.required("startSequenceNumber").textValue())))
              .shardIterator();
      await(millrace.client().getRecords(GetRecordsRequest.of(iterator))).records().stream()
          .limit(batch.required("batchSize").intValue())
          .map(record -> Earthquake.of(record.data()).id())
          .forEach(ids::add);
    }
    return ids;
  }
}
