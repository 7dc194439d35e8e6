package io.millrace.examples;

import io.millrace.engine.StreamClient;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutRecordsResultEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;

/**
 * Puts events in their order: one request after the other, each acknowledged before the next is
 * sent, because only calls that are awaited keep their order within a shard. The shards of one
 * request work at the same time.
 */
final class EarthquakeProducer {

  private static final int MAX_RECORDS_PER_REQUEST = 500;
  private static final int REQUESTS_PER_SECOND_WHEN_PACED = 10;
  private static final int MAX_ATTEMPTS = 8;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

  private final StreamClient client;
  private final String stream;
  private final int recordsPerSecond;
  private final RandomGenerator random;

  /**
   * A producer.
   *
   * @param recordsPerSecond the pace; 0 for as fast as possible
   * @param random spreads the pauses between attempts
   */
  EarthquakeProducer(
      StreamClient client, String stream, int recordsPerSecond, RandomGenerator random) {
    this.client = client;
    this.stream = stream;
    this.recordsPerSecond = recordsPerSecond;
    this.random = random;
  }

  /**
   * Puts these events.
   *
   * @param acknowledged hears after each request how many are stored so far
   * @return completes when all are stored. Fails when the engine does not know whether some are, or
   *     takes none after several attempts: then the stream says which ones are there
   */
  CompletionStage<Void> put(List<Earthquake> events, IntConsumer acknowledged) {
    return putFrom(0, events, acknowledged);
  }

  private CompletionStage<Void> putFrom(int from, List<Earthquake> events, IntConsumer heard) {
    if (from == events.size()) {
      return CompletableFuture.completedStage(null);
    }
    int to = Math.min(events.size(), from + recordsPerRequest());
    List<PutRecordsRequestEntry> batch =
        events.subList(from, to).stream()
            .map(event -> PutRecordsRequestEntry.of(event.network(), event.json()))
            .toList();
    CompletableFuture<Void> due = CompletableFuture.runAsync(() -> {}, after(untilDue(to - from)));
    return putAll(batch, 1)
        .thenRun(() -> heard.accept(to))
        .thenAcceptBoth(due, (stored, paced) -> {})
        .thenComposeAsync(stored -> putFrom(to, events, heard));
  }

  private int recordsPerRequest() {
    return recordsPerSecond == 0
        ? MAX_RECORDS_PER_REQUEST
        : Math.max(
            1,
            Math.min(MAX_RECORDS_PER_REQUEST, recordsPerSecond / REQUESTS_PER_SECOND_WHEN_PACED));
  }

  /** How long so many records take at the wanted pace. */
  private Duration untilDue(int records) {
    return recordsPerSecond == 0
        ? Duration.ZERO
        : Duration.ofNanos(TimeUnit.SECONDS.toNanos(records) / recordsPerSecond);
  }

  /**
   * Puts a batch until each of its records is stored. What was certainly not written is put again
   * after a pause, before anything else; nothing is put again whose outcome is unknown, for it
   * might then be stored twice.
   *
   * <p>This keeps the order, too: a shard takes its records of a request in order, and after a
   * failed write refuses those that waited behind it.
   */
  private CompletionStage<Void> putAll(List<PutRecordsRequestEntry> batch, int attempt) {
    return client
        .putRecords(PutRecordsRequest.of(stream, batch))
        .thenCompose(
            response -> {
              List<PutRecordsRequestEntry> again = notWritten(batch, response);
              if (again.isEmpty()) {
                return CompletableFuture.completedStage(null);
              }
              if (attempt == MAX_ATTEMPTS) {
                throw InternalFailureException.notWritten(
                    "%d records were not taken in %d attempts".formatted(again.size(), attempt));
              }
              return CompletableFuture.runAsync(() -> {}, after(pauseAfter(attempt)))
                  .thenCompose(rested -> putAll(again, attempt + 1));
            });
  }

  private static List<PutRecordsRequestEntry> notWritten(
      List<PutRecordsRequestEntry> batch, PutRecordsResponse response) {
    List<PutRecordsRequestEntry> again = new ArrayList<>(response.failedRecordCount());
    for (int i = 0; i < batch.size(); i++) {
      PutRecordsResultEntry result = response.records().get(i);
      if (result.failure() == Outcome.UNKNOWN) {
        throw InternalFailureException.unknown(result.errorMessage());
      }
      if (!result.isStored()) {
        again.add(batch.get(i));
      }
    }
    return again;
  }

  /** Twice as long after each attempt, and by a random part shorter. */
  private Duration pauseAfter(int attempt) {
    long longest = FIRST_PAUSE.toMillis() << attempt;
    return Duration.ofMillis(random.nextLong(longest / 2, longest));
  }

  private static Executor after(Duration pause) {
    return CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS);
  }
}
