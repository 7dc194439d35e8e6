package io.millrace.processors.function;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.Payload;
import io.millrace.processors.event.Json;
import io.millrace.processors.lane.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Calls functions on threads that may block, so many at once as are allowed. A function that does
 * not return in time is interrupted and its call has failed; it occupies its place until it really
 * returns. Where no place is free the function is not reached. Safe for any thread.
 */
public final class FunctionCalls {

  private final Executor blocking;
  private final Timer timer;
  private final EngineClock clock;
  private final Semaphore places;

  /** Runs something later. */
  @FunctionalInterface
  public interface Timer {

    /**
     * Runs an action after some time.
     *
     * @return what cancels it; harmless when it has run
     */
    Runnable schedule(Duration delay, Runnable action);
  }

  /**
   * Calls on these threads.
   *
   * @param blocking has a thread for each call at once, as many as places
   * @param timer runs something after some time
   * @param clock what a function's remaining time goes by
   * @param places how many calls there may be at once
   */
  public FunctionCalls(Executor blocking, Timer timer, EngineClock clock, int places) {
    this.blocking = blocking;
    this.timer = timer;
    this.clock = clock;
    this.places = new Semaphore(places);
  }

  /**
   * Calls a function.
   *
   * @param requestId names the call
   * @return how it ended; never fails
   */
  public CompletionStage<Outcome> call(
      RegisteredFunction function, ProcessorEvent event, String requestId) {
    if (!places.tryAcquire()) {
      return CompletableFuture.completedStage(
          new Outcome.NotReached("All places for calls are taken."));
    }
    Duration timeout = function.timeout();
    FunctionContext context =
        new FunctionContext(requestId, event.origin(), clock, clock.nanoTime() + timeout.toNanos());
    Call call = new Call(() -> outcome(function.function(), event, context));
    try {
      blocking.execute(call);
    } catch (RejectedExecutionException closing) {
      places.release();
      return CompletableFuture.completedStage(new Outcome.NotReached("The engine is closing."));
    }
    Runnable cancelTimer = timer.schedule(timeout, () -> call.timeOut(timeout));
    var unused = call.ended.whenComplete((outcome, never) -> cancelTimer.run());
    return call.ended;
  }

  /** One call, on whichever thread it comes to. */
  private final class Call implements Runnable {

    private final CompletableFuture<Outcome> ended = new CompletableFuture<>();
    private final Supplier<Outcome> work;
    private Thread runner;

    Call(Supplier<Outcome> work) {
      this.work = work;
    }

    @Override
    public void run() {
      try {
        if (begin()) {
          ended.complete(work.get());
        }
      } finally {
        end();
        places.release();
      }
    }

    private synchronized boolean begin() {
      runner = Thread.currentThread();
      return !ended.isDone();
    }

    private synchronized void end() {
      runner = null;
      // The thread goes back to its pool: an interrupt that came late is not the next call's.
      Thread.interrupted();
    }

    private synchronized void timeOut(Duration timeout) {
      boolean isLate =
          ended.complete(
              new Outcome.Failed(
                  Outcome.Kind.TIMEOUT,
                  "The function did not return within %s.".formatted(timeout)));
      if (isLate && runner != null) {
        runner.interrupt();
      }
    }
  }

  // Whatever user code throws, an error of a missing class too, is a failed call and nothing worse.
  @SuppressWarnings("CatchThrowable")
  private static Outcome outcome(
      ProcessorFunction function, ProcessorEvent event, FunctionContext context) {
    try {
      ProcessorResponse response = function.process(event, context);
      if (response == null) {
        return Outcome.success();
      }
      if (response.state().isPresent() && !isObject(response.state().get())) {
        return new Outcome.Failed(Outcome.Kind.INVALID_RESPONSE, "The state is no JSON object.");
      }
      return new Outcome.Answered(response.failures(), response.state());
    } catch (InvalidResponseException unreadable) {
      return new Outcome.Failed(Outcome.Kind.INVALID_RESPONSE, unreadable.getMessage());
    } catch (Throwable thrown) {
      return new Outcome.Failed(Outcome.Kind.ERROR, thrown.toString());
    }
  }

  private static boolean isObject(Payload state) {
    return Json.parse(state).filter(JsonNode::isObject).isPresent();
  }
}
