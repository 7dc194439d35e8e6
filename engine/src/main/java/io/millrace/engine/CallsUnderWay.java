package io.millrace.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the calls that an engine has yet to answer, so that it closes behind the last of them:
 * what is beneath it answers nobody any more once it has stopped. Safe for any thread.
 */
final class CallsUnderWay {

  /** The calls, and one more as long as the engine is open. 0 for ever after the last one. */
  private final AtomicLong count = new AtomicLong(1);

  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closed;

  boolean isClosed() {
    return closed;
  }

  /** A call begins; false when the engine is closed, and then none has begun. */
  boolean begin() {
    return !closed && count.getAndUpdate(calls -> calls == 0 ? 0 : calls + 1) > 0;
  }

  /** A call has been answered. */
  void end() {
    if (count.decrementAndGet() == 0) {
      ended.complete(null);
    }
  }

  /**
   * No call begins from now on. To be called once.
   *
   * @return completes when the last one has been answered
   */
  CompletionStage<Void> close() {
    closed = true;
    end();
    return ended;
  }
}
