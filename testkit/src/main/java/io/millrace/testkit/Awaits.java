package io.millrace.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Waiting for something to become true, with a reason and a generous bound. A long bound does not
 * slow a test that passes.
 */
public final class Awaits {

  /** Long enough for anything that happens at all, on a busy machine. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private Awaits() {}

  /**
   * Waits until the condition holds, for at most {@link #PATIENCE}.
   *
   * @param reason what is waited for, as it should read after "waited in vain for"
   * @throws AssertionError when it does not become true
   */
  public static void await(String reason, Callable<Boolean> condition) {
    await(reason, PATIENCE, condition);
  }

  /**
   * Waits until the condition holds. What it throws counts as "not yet".
   *
   * @param reason what is waited for, as it should read after "waited in vain for"
   * @throws AssertionError when it does not become true; its cause is what the condition last threw
   */
  public static void await(String reason, Duration atMost, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    Throwable last;
    do {
      try {
        if (condition.call()) {
          return;
        }
        last = null;
      } catch (Exception | AssertionError notYet) {
        last = notYet;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting for " + reason, last);
      }
    } while (System.nanoTime() - deadline < 0);
    throw new AssertionError("waited in vain for " + reason + ", for " + atMost, last);
  }

  /**
   * The value of a stage, waited for at most {@link #PATIENCE}. A failure is thrown as it is if it
   * is unchecked.
   */
  public static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError("the stage failed", failure.getCause());
    } catch (TimeoutException late) {
      throw new AssertionError("no answer within " + PATIENCE, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }

  /** How a stage failed, waited for at most {@link #PATIENCE}. */
  public static Throwable failureOf(CompletionStage<?> stage) {
    try {
      Object value = stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("expected a failure, but got " + value);
    } catch (ExecutionException failure) {
      return failure.getCause();
    } catch (TimeoutException late) {
      throw new AssertionError("no answer within " + PATIENCE, late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", interrupted);
    }
  }
}
