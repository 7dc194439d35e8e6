package io.millrace.persistence;

import io.millrace.persistence.internal.H2Functions;
import io.millrace.persistence.internal.ObservedFilePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.h2.Driver;
import org.h2.api.ErrorCode;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.store.LobStorageFrontend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One opening of an H2 database, from opening its file to closing it. Usable until the first error
 * after which the file's state is unknown; from then on every commit fails, and only a new opening
 * helps.
 */
final class H2Opening implements ConnectionGuard, ObservedFilePath.Observer {

  private static final Logger log = LoggerFactory.getLogger(H2Opening.class);

  /** Errors after which the database has closed itself, or its file cannot be trusted. */
  private static final Set<Integer> FATAL =
      Set.of(
          ErrorCode.DATABASE_IS_CLOSED,
          ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
          ErrorCode.IO_EXCEPTION_1,
          ErrorCode.IO_EXCEPTION_2,
          ErrorCode.FILE_CORRUPTED_1,
          ErrorCode.CONNECTION_BROKEN_1,
          ErrorCode.OUT_OF_MEMORY,
          ErrorCode.GENERAL_ERROR_1);

  /**
   * Payloads up to this size lie in their rows. Each of the others has pages of its own, in a chunk
   * of the file that stays while they are alive, beside index pages that die at the next commit.
   */
  private static final int INLINE_BYTES = 8192;

  private static final AtomicLong NEXT = new AtomicLong();

  private final String id = Long.toString(NEXT.incrementAndGet());
  private final String url;
  private final H2Location location;
  private final boolean isSynced;
  private final UnsyncedWrites unsynced;
  private final Driver driver = new Driver();
  private final OneWriter writers = new OneWriter();
  private final GroupSync sync = new GroupSync(this::force);

  private FileChannel file;
  private H2Channel channel;
  private Connection anchor;
  private MVStore store;
  private VersionPins pins;
  private BlobSpacer spacer;

  private volatile boolean isOpen;
  private volatile Throwable broken;

  private H2Opening(H2Location location, boolean isSynced, UnsyncedWrites unsynced) {
    this.location = location;
    this.isSynced = isSynced;
    this.unsynced = unsynced;
    url = location.url(ObservedFilePath.observe(id, this));
  }

  /**
   * Opens the database, creating its file if there is none, and makes durable what it holds.
   *
   * @throws SQLException with the code of H2
   */
  static H2Opening open(H2Location location, boolean isSynced, UnsyncedWrites unsynced)
      throws SQLException {
    var opening = new H2Opening(location, isSynced, unsynced);
    try {
      opening.start();
      return opening;
    } catch (MVStoreException e) {
      opening.shutDown();
      throw new SQLException("The file cannot be used: " + e.getMessage(), "08001", e);
    } catch (SQLException | RuntimeException e) {
      opening.shutDown();
      throw e;
    }
  }

  private void start() throws SQLException {
    anchor = driver.connect(url, new Properties());
    store = database().getStore().getMvStore();
    pins = new VersionPins(store);
    spacer = new BlobSpacer(store);
    isOpen = true;
    prepare();
    syncTwice();
  }

  private void prepare() throws SQLException {
    removeTemporaryBlobs();
    try (var statement = anchor.createStatement()) {
      statement.execute("SET MAX_LENGTH_INPLACE_LOB " + INLINE_BYTES);
      for (var function : List.of("prefix", "whole")) {
        statement.execute(
            "CREATE ALIAS IF NOT EXISTS \"millrace_%s\" FOR '%s.%s'"
                .formatted(function, H2Functions.class.getName(), function));
      }
    }
  }

  /** Left behind when the process ended at once. H2 would keep them, and their space, forever. */
  private void removeTemporaryBlobs() throws SQLException {
    var blobs = database().getLobStorage();
    while (!store.openMap("tempLobMap").isEmpty()) {
      try {
        blobs.removeAllForTable(LobStorageFrontend.TABLE_TEMP);
      } catch (AssertionError e) {
        // One that was not whole yet. It has been removed, and those after it have not.
        log.debug("A temporary BLOB was not whole", e);
      }
    }
  }

  /** So that both roots of the file are of this opening. */
  private void syncTwice() throws SQLException {
    var map = store.<String, Long>openMap("millrace.opened");
    for (var i = 0; i < 2; i++) {
      map.put("version", store.getCurrentVersion());
      store.commit();
      afterCommit();
    }
    channel.opened();
  }

  private Database database() throws SQLException {
    return ((SessionLocal) anchor.unwrap(JdbcConnection.class).getSession()).getDatabase();
  }

  @Override
  public FileChannel opened(FileChannel file) throws IOException {
    if (isOpen) {
      throw new IOException("The database has been closed and must not be reopened by itself");
    }
    this.file = new OneLifeChannel(file);
    channel = new H2Channel(this.file, isSynced, unsynced);
    return channel;
  }

  Connection connect() throws SQLException {
    return GuardedConnection.guard(driver.connect(url, new Properties()), this);
  }

  @Override
  public boolean isUsable() {
    return broken == null && !store.isClosed() && store.getPanicException() == null;
  }

  @Override
  public void beginWrite() throws SQLException {
    if (!isUsable()) {
      throw unusable();
    }
    sync.beganWriting();
    try {
      writers.begin();
    } catch (NoTurnException e) {
      sync.endedWriting();
      throw e;
    }
  }

  @Override
  public void endWrite() {
    writers.end();
    sync.endedWriting();
  }

  @Override
  public void beforeCommit(boolean hasWritten) throws SQLException {
    if (!isUsable()) {
      throw unusable();
    }
    if (hasWritten) {
      spaceBlobs();
    }
  }

  private void spaceBlobs() throws SQLException {
    try {
      spacer.beforeCommit();
    } catch (MVStoreException e) {
      markBroken(e);
      throw unusable();
    }
  }

  @Override
  public void afterCommit() throws SQLException {
    // On a store that another thread's failure has closed, H2 commits nothing and says nothing.
    if (!isUsable()) {
      throw new SQLException(
          "The database in " + location + " failed meanwhile, so perhaps nothing was written",
          "08007",
          broken);
    }
    try {
      sync.awaitSync();
    } catch (IOException e) {
      markBroken(e);
      throw new SQLException(
          "Written to " + location + ", but not synced, so perhaps not kept: " + e.getMessage(),
          "08007",
          e);
    }
  }

  private void force() throws IOException {
    pins.beforeSync();
    channel.force(false);
    pins.afterSync(channel.previousRootVersion());
  }

  @Override
  public void failed(SQLException failure) {
    if (FATAL.contains(failure.getErrorCode())) {
      markBroken(failure);
    }
  }

  @Override
  public void close(Connection connection) throws SQLException {
    // A connection of a database that has failed has nothing to give back.
    if (isUsable()) {
      connection.close();
    }
  }

  private synchronized void markBroken(Throwable cause) {
    if (broken == null) {
      broken = cause;
      log.error("The database in {} has failed and has to be reopened", location, cause);
    }
  }

  private SQLException unusable() {
    return new SQLException(
        "The database in " + location + " has failed and has to be reopened", "08006", broken);
  }

  /** Works on the store beneath while nobody writes; not at all if it cannot be used. */
  void whileNobodyWrites(Consumer<MVStore> work) throws SQLException {
    beginWrite();
    try {
      work.accept(store);
    } finally {
      endWrite();
    }
  }

  /** Closes in order: everything committed is in the file, and durable. */
  void close() throws SQLException {
    try (var statement = anchor.createStatement()) {
      afterCommit();
      channel.closing();
      pins.releaseAll();
      statement.execute("SHUTDOWN");
    } finally {
      ObservedFilePath.forget(id);
    }
  }

  /** Closes without writing anything more. Never fails. */
  void shutDown() {
    try {
      if (anchor != null) {
        database().shutdownImmediately();
      }
    } catch (SQLException | RuntimeException e) {
      log.debug("While shutting down a failed database", e);
    } finally {
      ObservedFilePath.forget(id);
      closeFile();
    }
  }

  private void closeFile() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      log.debug("While closing the file of a failed database", e);
    }
  }
}
