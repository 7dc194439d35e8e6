package io.millrace.persistence.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import scala.runtime.BoxedUnit;

/**
 * Writes the events of several actors in one transaction: those that wait when a writer becomes
 * free. A commit costs a database more than a small row does, so those who wait for one share the
 * next. Whoever comes while a writer is free waits for nobody.
 *
 * <p>A transaction takes at most {@value #MOST_WRITES} writes, and no more once it has {@value
 * #MANY_BYTES} bytes. If it fails before its commit, nothing of it is written, and each write is
 * tried again by itself, so that it fails for its own reason alone. If its commit fails, all fail,
 * and nobody knows whether they are written.
 */
final class GatheredWrites {

  static final int MOST_WRITES = 64;
  static final int MANY_BYTES = 256 * 1024;

  /** Writes that wait at most; more are refused. */
  static final int ROOM = 1000;

  /** Where connections come from, and threads to use them. */
  @FunctionalInterface
  interface Pool {

    /**
     * Works with a connection that commits by itself, on a thread of the pool. Fails if there is
     * none.
     */
    CompletionStage<?> run(Consumer<Connection> work);
  }

  /** Rows of one actor, which are written together or not at all. */
  private record Write(
      List<JournalPekkoSerializationRow> rows, CompletableFuture<BoxedUnit> outcome) {

    long bytes() {
      return rows.stream().mapToLong(row -> row.eventPayload().length).sum();
    }

    void succeeded() {
      outcome.complete(BoxedUnit.UNIT);
    }

    void failed(Throwable cause) {
      outcome.completeExceptionally(cause);
    }
  }

  private final Pool pool;
  private final int writers;

  private final Queue<Write> waiting = new ArrayDeque<>();
  private int writing;

  /**
   * @param writers transactions that are under way at most
   */
  GatheredWrites(Pool pool, int writers) {
    this.pool = pool;
    this.writers = writers;
  }

  /**
   * Writes rows of one actor.
   *
   * @return completed when they are committed; failed with {@code RejectedExecutionException} if
   *     too many writes wait
   */
  CompletionStage<BoxedUnit> add(List<JournalPekkoSerializationRow> rows) {
    var write = new Write(rows, new CompletableFuture<>());
    synchronized (this) {
      if (waiting.size() == ROOM) {
        return CompletableFuture.failedFuture(
            new RejectedExecutionException(ROOM + " writes wait for the journal's database"));
      }
      waiting.add(write);
      if (writing == writers) {
        return write.outcome();
      }
      writing++;
    }
    begin();
    return write.outcome();
  }

  private void begin() {
    pool.run(this::writeWhoWaits)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                // Those who wait need not wait for the same again.
                next().forEach(write -> write.failed(failure));
              }
              goOn();
            });
  }

  private void goOn() {
    synchronized (this) {
      if (waiting.isEmpty()) {
        writing--;
        return;
      }
    }
    begin();
  }

  /** Takes them only now, and so also those who came while the pool looked for a connection. */
  private void writeWhoWaits(Connection connection) {
    var writes = next();
    try {
      write(connection, writes);
    } finally {
      // All have been told, unless an error came between.
      writes.stream()
          .filter(write -> !write.outcome().isDone())
          .forEach(write -> write.failed(new IllegalStateException("The writer has failed")));
    }
  }

  private synchronized List<Write> next() {
    List<Write> writes = new ArrayList<>();
    var bytes = 0L;
    while (!waiting.isEmpty() && writes.size() < MOST_WRITES && bytes < MANY_BYTES) {
      var write = waiting.remove();
      writes.add(write);
      bytes += write.bytes();
    }
    return writes;
  }

  private static void write(Connection connection, List<Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    var insert =
        new JournalInsert(writes.stream().flatMap(write -> write.rows().stream()).toList());
    try {
      insert.run(connection);
      writes.forEach(Write::succeeded);
    } catch (SQLException | RuntimeException e) {
      if (insert.isTakenBack() && writes.size() > 1) {
        writes.forEach(write -> write(connection, List.of(write)));
      } else {
        writes.forEach(write -> write.failed(notTaken(write, e)));
      }
    }
  }

  private static Exception notTaken(Write write, Exception cause) {
    return new IllegalStateException(
        "Event " + write.rows().get(0).sequenceNumber() + " was not taken by the journal", cause);
  }
}
