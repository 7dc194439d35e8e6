package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts the calls of GetRecords. Safe for any thread. */
public final class GetMeter {

  private final Timer succeeded;
  private final Timer failed;
  private final Counter bytes;
  private final Counter records;

  GetMeter(Meters meters) {
    Meters calls = meters.part("operation", "GetRecords");
    this.succeeded = calls.timer(EngineMetric.CALLS, "result", "success");
    this.failed = calls.timer(EngineMetric.CALLS, "result", "failure");
    this.bytes = calls.counter(EngineMetric.CALL_BYTES);
    this.records = calls.counter(EngineMetric.CALL_RECORDS, "result", "success");
  }

  /** A call was answered, with records or without, or has failed. */
  public void answered(boolean success, long nanos) {
    (success ? succeeded : failed).record(nanos, TimeUnit.NANOSECONDS);
  }

  void returned(int more, long moreBytes) {
    records.increment(more);
    bytes.increment(moreBytes);
  }
}
