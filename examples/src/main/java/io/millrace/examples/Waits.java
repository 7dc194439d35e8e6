package io.millrace.examples;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting, for a program that has nothing else to do meanwhile. */
final class Waits {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private Waits() {}

  /** What the stage completes with; throws what it fails with. */
  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw failure;
    }
  }

  /**
   * Returns when the condition holds.
   *
   * @param what as it should read after "waited in vain for"
   * @throws IllegalStateException when that takes longer than a minute
   */
  static void until(String what, BooleanSupplier condition) {
    if (!isReached(PATIENCE, condition)) {
      throw new IllegalStateException("waited in vain for " + what);
    }
  }

  /** Waits for the condition, for so long at most; answers whether it holds. */
  static boolean isReached(Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }
}
