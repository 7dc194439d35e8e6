package io.millrace.benchmarks;

import io.millrace.engine.consumer.ShardRecordProcessor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A processor that only counts, and knows when it began and when it had everything. */
final class EmptyProcessor implements ShardRecordProcessor {

  private final long expected;
  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile long beganNanos;
  private volatile long doneNanos;
  private long records;

  EmptyProcessor(long expected) {
    this.expected = expected;
  }

  @Override
  public void initialize(Initialization initialization) {
    beganNanos = System.nanoTime();
    began.countDown();
  }

  @Override
  public void processRecords(Records batch) {
    records += batch.records().size();
    if (records == expected) {
      batch.checkpointer().checkpoint();
      doneNanos = System.nanoTime();
      done.countDown();
    }
  }

  @Override
  public void leaseLost() {}

  @Override
  public void shardEnded(Checkpointer checkpointer) {
    checkpointer.checkpoint();
  }

  @Override
  public void shutdownRequested(Checkpointer checkpointer) {}

  /** Waits until it has a shard; returns when that was. */
  long awaitBegan() throws Exception {
    await(began);
    return beganNanos;
  }

  /** Waits for everything; returns how long that took from the beginning, nanoseconds. */
  long awaitAll() throws Exception {
    await(done);
    return doneNanos - beganNanos;
  }

  private static void await(CountDownLatch latch) throws Exception {
    if (!latch.await(2, TimeUnit.MINUTES)) {
      throw new TimeoutException("the worker does not get on");
    }
  }
}
