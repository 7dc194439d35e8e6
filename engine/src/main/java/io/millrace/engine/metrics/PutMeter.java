package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts the calls of an operation that puts. Safe for any thread. */
public final class PutMeter {

  private final Timer succeeded;
  private final Timer failed;
  private final Counter bytes;
  private final Counter stored;
  private final Counter throttled;
  private final Counter lost;

  PutMeter(Meters meters, String operation) {
    Meters calls = meters.part("operation", operation);
    this.succeeded = calls.timer(EngineMetric.CALLS, "result", "success");
    this.failed = calls.timer(EngineMetric.CALLS, "result", "failure");
    this.bytes = calls.counter(EngineMetric.CALL_BYTES);
    this.stored = calls.counter(EngineMetric.CALL_RECORDS, "result", "success");
    this.throttled = calls.counter(EngineMetric.CALL_RECORDS, "result", "throttled");
    this.lost = calls.counter(EngineMetric.CALL_RECORDS, "result", "failure");
  }

  /**
   * A call was answered; it has succeeded when a record was stored.
   *
   * @param result what became of its records
   */
  public void answered(Result result, long nanos) {
    (result.stored > 0 ? succeeded : failed).record(nanos, TimeUnit.NANOSECONDS);
    bytes.increment(result.bytes);
    stored.increment(result.stored);
    throttled.increment(result.throttled);
    lost.increment(result.failed);
  }

  /** What became of the records of one call, counted one by one. Not safe for several threads. */
  public static final class Result {

    private int stored;
    private int throttled;
    private int failed;
    private long bytes;

    /**
     * A record is stored.
     *
     * @param size bytes of its data and key
     */
    public void stored(int size) {
      stored++;
      bytes += size;
    }

    /** A record was throttled. */
    public void throttled() {
      throttled++;
    }

    /** A record was refused, not written, or is perhaps stored. */
    public void failed() {
      failed++;
    }
  }
}
