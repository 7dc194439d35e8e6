package io.millrace.engine.metrics;

import io.micrometer.core.instrument.Counter;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.ShardId;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a worker of an application does. Safe for any thread. */
public final class WorkerMeter implements AutoCloseable {

  private final Meters application;
  private final Meters worker;
  private final EngineClock clock;
  private final AtomicInteger leases = new AtomicInteger();
  private final Counter taken;
  private final Counter lost;
  private final Counter failures;

  WorkerMeter(Meters application, String workerId, EngineClock clock) {
    this.application = application;
    this.worker = application.part("worker", workerId);
    this.clock = clock;
    worker.gauge(EngineMetric.WORKER_LEASES, leases, AtomicInteger::get);
    this.taken = worker.counter(EngineMetric.WORKER_LEASES_TAKEN);
    this.lost = worker.counter(EngineMetric.WORKER_LEASES_LOST);
    this.failures = worker.counter(EngineMetric.WORKER_FAILURES);
  }

  /** It was given a lease. */
  public void leaseTaken() {
    taken.increment();
  }

  /** A lease was taken from it. */
  public void leaseLost() {
    lost.increment();
  }

  /** It works on so many leases. */
  public void leases(int now) {
    leases.set(now);
  }

  /** The work on a shard failed. */
  public void failed() {
    failures.increment();
  }

  /** The meter of a lease; whoever gets it closes it. */
  public LeaseMeter lease(ShardId shard) {
    return new LeaseMeter(application.part("shard", shard.toString()), clock);
  }

  @Override
  public void close() {
    worker.close();
  }
}
