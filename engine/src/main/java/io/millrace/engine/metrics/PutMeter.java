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
    this.succeeded = meters.timer(EngineMetric.CALLS, "operation", operation, "result", "success");
    this.failed = meters.timer(EngineMetric.CALLS, "operation", operation, "result", "failure");
    this.bytes = meters.counter(EngineMetric.CALL_BYTES, "operation", operation);
    this.stored =
        meters.counter(EngineMetric.CALL_RECORDS, "operation", operation, "result", "success");
    this.throttled =
        meters.counter(EngineMetric.CALL_RECORDS, "operation", operation, "result", "throttled");
    this.lost =
        meters.counter(EngineMetric.CALL_RECORDS, "operation", operation, "result", "failure");
  }

  /**
   * A call was answered; it has succeeded when a record was stored.
   *
   * @param result what became of its records
   */
  public void answered(Result result, long nanos) {
    (result.stored > 0 ? succeeded : failed).record(nanos, TimeUnit.NANOSECONDS);
    if (result.stored > 0) {
      bytes.increment((double) result.bytes);
      stored.increment(result.stored);
    }
    if (result.throttled > 0) {
      throttled.increment(result.throttled);
    }
    if (result.failed > 0) {
      lost.increment(result.failed);
    }
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
