package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A few threads that may block on the database, and a bounded queue before them. */
final class StorageThreads implements AutoCloseable {

  /** Something that asks the database. */
  @FunctionalInterface
  interface Query<T> {
    T run() throws SQLException;
  }

  private final ThreadPoolExecutor executor;

  StorageThreads(String name, int threads, int maxWaiting) {
    var number = new AtomicInteger();
    executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(maxWaiting),
            task -> {
              var thread = new Thread(task, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /** Runs a query on one of the threads. Fails at once if too many wait, or after closing. */
  <T> CompletionStage<T> run(Query<T> query) {
    var answer = new CompletableFuture<T>();
    try {
      executor.execute(() -> complete(answer, query));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          new StorageException(
              Reason.UNAVAILABLE,
              executor.isShutdown()
                  ? "The storage is closed"
                  : "Too many calls wait for the storage",
              e));
    }
    return answer;
  }

  private static <T> void complete(CompletableFuture<T> answer, Query<T> query) {
    try {
      answer.complete(query.run());
    } catch (SQLException e) {
      answer.completeExceptionally(unavailable(e));
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  private static StorageException unavailable(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof StorageException known) {
        return known;
      }
    }
    return new StorageException(
        Reason.UNAVAILABLE, "The database did not answer: " + e.getMessage(), e);
  }

  /** Lets running queries end for a moment; those that wait fail. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
