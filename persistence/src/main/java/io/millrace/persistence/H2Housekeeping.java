package io.millrace.persistence;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.RandomAccessStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file of an H2 database from growing for ever. A chunk's space is free only when nothing
 * in it is alive, so chunks with little life in them are written again, and free space in the
 * middle of the file is closed. H2 does the same itself, but only when its commits are delayed.
 */
final class H2Housekeeping implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(H2Housekeeping.class);

  /** Chunks are written again while less than this part of all of them, in percent, is alive. */
  private static final int CHUNK_FILL_RATE = 60;

  /** Chunks are moved while less than this part of the file, in percent, is in use. */
  private static final int FILE_FILL_RATE = 60;

  /** What one round writes at most, roughly; nobody else writes meanwhile. */
  private static final int ROUND_BYTES = 1 << 20;

  /** Fewer writes than this since the last round, and there is nothing to do. */
  private static final int WORTH_A_ROUND = 16;

  private final H2Database database;
  private final ScheduledExecutorService thread;

  private long seenWrites;

  H2Housekeeping(H2Database database, Duration interval) {
    this.database = database;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var daemon = new Thread(task, "millrace-h2-housekeeping");
              daemon.setDaemon(true);
              return daemon;
            });
    var millis = Math.max(1, interval.toMillis());
    var unused = thread.scheduleWithFixedDelay(this::round, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void round() {
    try {
      database.whileNobodyWrites(this::tidy);
    } catch (SQLException | RuntimeException e) {
      if (database.isUsable()) {
        log.warn("The file of a database was not looked after", e);
      }
    }
  }

  private void tidy(MVStore store) {
    var writes = store.getFileStore().getWriteCount();
    if (Math.abs(writes - seenWrites) < WORTH_A_ROUND) {
      return;
    }
    if (store.compact(CHUNK_FILL_RATE, ROUND_BYTES)) {
      store.commit();
    }
    if (store.getFileStore() instanceof RandomAccessStore file
        && file.getFillRate() < FILE_FILL_RATE) {
      file.compactMoveChunks(FILE_FILL_RATE, ROUND_BYTES, store);
    }
    seenWrites = store.getFileStore().getWriteCount();
  }

  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("Looking after the file of a database takes long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
