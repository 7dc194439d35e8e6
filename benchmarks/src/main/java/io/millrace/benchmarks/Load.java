package io.millrace.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * A closed loop: callers that each make one call after another, first for a while unmeasured, then
 * measured. A call counts when it completes within the measured time.
 */
final class Load {

  private enum Phase {
    WARMING_UP,
    MEASURING,
    OVER
  }

  /** One call that returns when it is answered. */
  @FunctionalInterface
  interface BlockingCall {
    void call() throws Exception;
  }

  /**
   * What a load achieved.
   *
   * @param calls that completed
   * @param nanos in this time
   * @param latency of each call, nanoseconds
   * @param cost meanwhile
   */
  record Measured(long calls, long nanos, Histogram latency, Cost cost) {

    double callsPerSecond() {
      return calls * 1e9 / nanos;
    }

    /** Latency at this percentile, in milliseconds. */
    double millisAt(double percentile) {
      return latency.getValueAtPercentile(percentile) / 1e6;
    }
  }

  private volatile Phase phase = Phase.WARMING_UP;
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final List<Meter> meters = new ArrayList<>();

  private Load() {}

  /** Counts the calls of one caller, one at a time. */
  private final class Meter {
    private final Histogram latency = new Histogram(3);

    synchronized void completed(long startedNanos) {
      if (phase == Phase.MEASURING) {
        latency.recordValue(System.nanoTime() - startedNanos);
      }
    }
  }

  /** Each caller is a thread that waits for its answer. */
  static Measured threads(Span span, List<? extends BlockingCall> callers) throws Exception {
    Load load = new Load();
    List<Thread> threads = new ArrayList<>();
    for (BlockingCall caller : callers) {
      Meter meter = load.meter();
      Thread thread = new Thread(() -> load.repeat(caller, meter), "caller-" + threads.size());
      thread.start();
      threads.add(thread);
    }
    Measured measured = load.measure(span);
    for (Thread thread : threads) {
      thread.join();
    }
    load.throwIfFailed();
    return measured;
  }

  /** Each caller makes its next call where the answer to the last one arrives; no thread waits. */
  static Measured chains(Span span, List<? extends Supplier<? extends CompletionStage<?>>> callers)
      throws Exception {
    Load load = new Load();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (Supplier<? extends CompletionStage<?>> caller : callers) {
      CompletableFuture<Void> end = new CompletableFuture<>();
      load.next(caller, load.meter(), end);
      ends.add(end);
    }
    Measured measured = load.measure(span);
    for (CompletableFuture<Void> end : ends) {
      end.get(1, TimeUnit.MINUTES);
    }
    load.throwIfFailed();
    return measured;
  }

  private Meter meter() {
    Meter meter = new Meter();
    meters.add(meter);
    return meter;
  }

  private void repeat(BlockingCall caller, Meter meter) {
    try {
      while (phase != Phase.OVER) {
        long started = System.nanoTime();
        caller.call();
        meter.completed(started);
      }
    } catch (Exception e) {
      failure.completeExceptionally(e);
    }
  }

  private void next(
      Supplier<? extends CompletionStage<?>> caller, Meter meter, CompletableFuture<Void> end) {
    long started = System.nanoTime();
    var unused =
        caller
            .get()
            .whenComplete(
                (answer, failed) -> {
                  meter.completed(started);
                  if (failed != null) {
                    failure.completeExceptionally(failed);
                  }
                  if (failed != null || phase == Phase.OVER) {
                    end.complete(null);
                  } else {
                    next(caller, meter, end);
                  }
                });
  }

  /** Waits out the time, or until a caller fails. */
  private Measured measure(Span span) throws Exception {
    await(span.warmUp().toNanos());
    Cost.Start cost = new Cost.Start();
    long from = System.nanoTime();
    phase = Phase.MEASURING;
    await(span.measured().toNanos());
    phase = Phase.OVER;
    long nanos = System.nanoTime() - from;
    Cost spent = cost.untilNow();
    Histogram latency = new Histogram(3);
    for (Meter meter : meters) {
      synchronized (meter) {
        latency.add(meter.latency);
      }
    }
    return new Measured(latency.getTotalCount(), nanos, latency, spent);
  }

  private void await(long nanos) throws Exception {
    try {
      failure.get(nanos, TimeUnit.NANOSECONDS);
    } catch (java.util.concurrent.TimeoutException nothingFailed) {
      return;
    } catch (java.util.concurrent.ExecutionException failed) {
      phase = Phase.OVER;
      throw failed;
    }
  }

  private void throwIfFailed() throws Exception {
    if (failure.isCompletedExceptionally()) {
      failure.get();
    }
  }
}
