package io.millrace.processors.mapping;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.millrace.engine.metrics.Meters;
import io.millrace.processors.api.MappingMetrics;
import io.millrace.processors.lane.Outcome;
import io.millrace.processors.lane.Tally;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
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
  private final Meters meters;
  private final Timer succeeded;
  private final Timer failed;
  private final Timer throttled;
  private final DistributionSummary callRecords;
  private final Counter retries;

  MappingMeter(Meters meters) {
    this.meters = meters;
    this.succeeded = meters.timer(MappingMetric.CALLS, "result", "success");
    this.failed = meters.timer(MappingMetric.CALLS, "result", "failure");
    this.throttled = meters.timer(MappingMetric.CALLS, "result", "throttled");
    this.callRecords = meters.summary(MappingMetric.CALL_RECORDS);
    this.retries = meters.counter(MappingMetric.RETRIES);
    meters.counted(MappingMetric.RECORDS, processed, LongAdder::sum, "result", "processed");
    meters.counted(MappingMetric.RECORDS, filteredOut, LongAdder::sum, "result", "filtered");
    meters.counted(MappingMetric.RECORDS, discarded, LongAdder::sum, "result", "discarded");
    meters.counted(MappingMetric.NOTICES_LOST, failedNotices, LongAdder::sum);
    meters.millis(MappingMetric.ITERATOR_AGE, this, meter -> meter.iteratorAgeMillis.orElse(0));
  }

  /** The mapping is no more. */
  void close() {
    meters.close();
  }

  void passed(Tally more) {
    polled.add(more.polled());
    filteredOut.add(more.filteredOut());
    processed.add(more.processed());
    processedBytes.add(more.processedBytes());
    discarded.add(more.discarded());
  }

  /**
   * A call begins.
   *
   * @param records how many it has
   * @param isRetry whether a call for them has failed before
   */
  void calls(int records, boolean isRetry) {
    callRecords.record(records);
    if (isRetry) {
      retries.increment();
    }
  }

  /**
   * A call has ended.
   *
   * @param nanos how long it took
   * @param ageMillis from the arrival of its last record to now; empty where it had none
   */
  void called(Outcome outcome, long nanos, OptionalLong ageMillis) {
    timer(outcome).record(nanos, TimeUnit.NANOSECONDS);
    if (outcome instanceof Outcome.NotReached notReached) {
      throttles.increment();
      lastResult = "PROBLEM: " + notReached.why();
      return;
    }
    invocations.increment();
    if (ageMillis.isPresent()) {
      iteratorAgeMillis = ageMillis;
    }
    if (outcome instanceof Outcome.Failed failure) {
      failures.increment();
      lastResult = "PROBLEM: " + failure.message();
    } else if (outcome instanceof Outcome.Answered answer && !answer.failures().isEmpty()) {
      failures.increment();
      lastResult = "PROBLEM: %d records failed".formatted(answer.failures().size());
    } else {
      lastResult = "OK";
    }
  }

  /** Whether a call failed, wholly or in part. */
  static boolean isFailure(Outcome outcome) {
    return outcome instanceof Outcome.Failed
        || (outcome instanceof Outcome.Answered answer && !answer.failures().isEmpty());
  }

  private Timer timer(Outcome outcome) {
    if (outcome instanceof Outcome.NotReached) {
      return throttled;
    }
    return isFailure(outcome) ? failed : succeeded;
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
