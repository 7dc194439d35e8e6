package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts the calls of GetRecords. Safe for any thread. */
public final class GetMeter {

  private static final String OPERATION = "GetRecords";

  private final Timer succeeded;
  private final Timer failed;
  private final Counter bytes;
  private final Counter records;

  GetMeter(Meters meters) {
    this.succeeded = meters.timer(EngineMetric.CALLS, "operation", OPERATION, "result", "success");
    this.failed = meters.timer(EngineMetric.CALLS, "operation", OPERATION, "result", "failure");
    this.bytes = meters.counter(EngineMetric.CALL_BYTES, "operation", OPERATION);
    this.records =
        meters.counter(EngineMetric.CALL_RECORDS, "operation", OPERATION, "result", "success");
  }

  /** A call was answered, with records or without, or has failed. */
  public void answered(boolean success, long nanos) {
    (success ? succeeded : failed).record(nanos, TimeUnit.NANOSECONDS);
  }

  void returned(int more, long moreBytes) {
    records.increment(more);
    bytes.increment((double) moreBytes);
  }
}
