package io.millrace.benchmarks;

import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;

/** A reader that follows one shard from its oldest record on, and counts. */
final class Follower {

  private static final int PAGE_BYTES = 1 << 20;
  private static final long PATIENCE_SECONDS = 60;

  private final Consumer<TailPage> pages;
  private long records;
  private Throwable failure;

  private Follower(Consumer<TailPage> pages) {
    this.pages = pages;
  }

  /** Follows a shard until the engine closes. */
  static Follower start(Engine engine, RecordTail tail, Consumer<TailPage> pages) {
    Follower follower = new Follower(pages);
    CompletionStage<Done> end =
        tail.follow(0, Integer.MAX_VALUE, PAGE_BYTES, () -> Engine.RETENTION_MILLIS)
            .runForeach(follower::onPage, engine.millrace().system());
    var unused =
        end.whenComplete(
            (done, failed) -> {
              if (failed != null) {
                follower.failed(failed);
              }
            });
    return follower;
  }

  private void onPage(TailPage page) {
    pages.accept(page);
    synchronized (this) {
      records += page.records().size();
      notifyAll();
    }
  }

  private synchronized void failed(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  synchronized long records() {
    return records;
  }

  /** Waits until so many records have come. */
  synchronized void await(long atLeast) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (records < atLeast) {
      if (failure != null) {
        throw new IllegalStateException("the follower failed", failure);
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new TimeoutException("the follower has " + records + " records of " + atLeast);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }
}
