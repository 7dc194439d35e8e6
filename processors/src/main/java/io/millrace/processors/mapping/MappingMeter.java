package io.millrace.processors.mapping;

import io.millrace.processors.api.MappingMetrics;
import io.millrace.processors.lane.Outcome;
import io.millrace.processors.lane.Tally;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a mapping does, on all its shards. Safe for any thread. */
final class MappingMeter {

  private static final String NO_RESULT = "No records processed";

  private final LongAdder polled = new LongAdder();
  private final LongAdder filteredOut = new LongAdder();
  private final LongAdder invocations = new LongAdder();
  private final LongAdder throttles = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder processed = new LongAdder();
  private final LongAdder processedBytes = new LongAdder();
  private final LongAdder discarded = new LongAdder();
  private final LongAdder failedNotices = new LongAdder();
  private volatile OptionalLong iteratorAgeMillis = OptionalLong.empty();
  private volatile String lastResult = NO_RESULT;

  void passed(Tally more) {
    polled.add(more.polled());
    filteredOut.add(more.filteredOut());
    processed.add(more.processed());
    processedBytes.add(more.processedBytes());
    discarded.add(more.discarded());
  }

  /**
   * A call has ended.
   *
   * @param ageMillis from the arrival of its last record to now; empty where it had none
   */
  void called(Outcome outcome, OptionalLong ageMillis) {
    if (outcome instanceof Outcome.NotReached throttled) {
      throttles.increment();
      lastResult = "PROBLEM: " + throttled.why();
      return;
    }
    invocations.increment();
    if (ageMillis.isPresent()) {
      iteratorAgeMillis = ageMillis;
    }
    if (outcome instanceof Outcome.Failed failed) {
      failures.increment();
      lastResult = "PROBLEM: " + failed.message();
    } else if (outcome instanceof Outcome.Answered answer && !answer.failures().isEmpty()) {
      failures.increment();
      lastResult = "PROBLEM: %d records failed".formatted(answer.failures().size());
    } else {
      lastResult = "OK";
    }
  }

  void noticeFailed() {
    failedNotices.increment();
  }

  String lastResult() {
    return lastResult;
  }

  MappingMetrics metrics() {
    return new MappingMetrics(
        polled.sum(),
        filteredOut.sum(),
        invocations.sum(),
        throttles.sum(),
        failures.sum(),
        processed.sum(),
        processedBytes.sum(),
        discarded.sum(),
        failedNotices.sum(),
        iteratorAgeMillis);
  }
}
