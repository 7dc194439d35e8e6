package io.millrace.engine.metrics;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the storage of an engine is given, and what waits for it. Safe for any thread. */
public final class StorageMeter {

  private final LongAdder queuedRecords = new LongAdder();
  private final LongAdder queuedBytes = new LongAdder();
  private final Timer commits;
  private final DistributionSummary commitRecords;
  private final DistributionSummary commitBytes;
  private final Timer pageReads;

  StorageMeter(Meters meters) {
    this.commits = meters.timer(EngineMetric.COMMIT);
    this.commitRecords = meters.summary(EngineMetric.COMMIT_RECORDS);
    this.commitBytes = meters.summary(EngineMetric.COMMIT_BYTES);
    this.pageReads = meters.timer(EngineMetric.PAGE_READS);
    meters.gauge(EngineMetric.QUEUE_RECORDS, queuedRecords, LongAdder::sum);
    meters.gauge(EngineMetric.QUEUE_BYTES, queuedBytes, LongAdder::sum);
  }

  /** Records wait for their write; or, negative, wait no longer. */
  public void queued(int records, long bytes) {
    queuedRecords.add(records);
    queuedBytes.add(bytes);
  }

  /** A batch is durable. */
  public void committed(int records, long bytes, long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    commitRecords.record(records);
    commitBytes.record((double) bytes);
  }

  /** Stored batches were read, or could not be. */
  public void pageRead(long nanos) {
    pageReads.record(nanos, TimeUnit.NANOSECONDS);
  }
}
