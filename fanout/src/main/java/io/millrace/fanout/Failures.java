package io.millrace.fanout;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What failures of reading mean. */
final class Failures {

  private Failures() {}

  /** Whether it passes by itself: the storage was away, or a limit had no room. */
  static boolean passes(Throwable failure) {
    return failure instanceof InternalFailureException
        || (failure instanceof MillraceException known && known.outcome() == Outcome.THROTTLED);
  }

  /** What a stage failed with, as it was thrown. */
  static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** A stage that fails with what its making throws. */
  static <T> CompletionStage<T> caught(Supplier<CompletionStage<T>> stage) {
    try {
      return stage.get();
    } catch (MillraceException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }
}
