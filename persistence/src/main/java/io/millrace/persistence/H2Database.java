package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import io.millrace.persistence.JdbcStorageSettings.Durability;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.h2.api.ErrorCode;
import org.h2.mvstore.MVStore;
import org.h2.store.fs.FilePath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An H2 database in a directory of its own. When its file fails, it is closed, opened again and
 * synced by whoever next wants a connection.
 */
final class H2Database implements OpenDatabase {

  private static final Logger log = LoggerFactory.getLogger(H2Database.class);

  /** Chunks of the file that may be unsynced at a time, whoever wrote them. */
  private static final int MAX_UNSYNCED_WRITES = 64;

  private final DirectoryLock lock;
  private final H2Location location;
  private final Durability durability;
  private final UnsyncedWrites unsynced;

  private H2Housekeeping housekeeping;
  private H2Opening opening;
  private boolean isClosed;

  private H2Database(
      DirectoryLock lock, H2Location location, Durability durability, UnsyncedWrites unsynced) {
    this.lock = lock;
    this.location = location;
    this.durability = durability;
    this.unsynced = unsynced;
  }

  static H2Database open(JdbcStorageSettings settings, String fileSystem) {
    var directory =
        DirectoryLock.prepare(
            settings
                .directory()
                .orElseThrow(
                    () ->
                        new StorageException(
                            Reason.MISCONFIGURED,
                            "An H2 storage needs a directory: millrace.storage.directory")));
    var location = H2Location.of(directory, fileSystem, settings.h2());
    var lock = DirectoryLock.acquire(directory);
    var isSynced = settings.durability() == Durability.SYNCED;
    var unsynced = new UnsyncedWrites(MAX_UNSYNCED_WRITES);
    var database = new H2Database(lock, location, settings.durability(), unsynced);
    try {
      database.opening = H2Opening.open(location, isSynced, unsynced);
      database.migrate();
      database.housekeeping = new H2Housekeeping(database, settings.h2().housekeepingInterval());
      return database;
    } catch (SQLException e) {
      lock.close();
      throw explain(location, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private void migrate() throws SQLException {
    try (var connection = opening.connect()) {
      Schema.h2().migrate(connection, "PUBLIC", location.toString());
    } catch (SQLException | RuntimeException e) {
      opening.shutDown();
      throw e;
    }
  }

  private static StorageException explain(H2Location location, SQLException e) {
    return switch (e.getErrorCode()) {
      case ErrorCode.DATABASE_ALREADY_OPEN_1 ->
          DirectoryLock.inUse(location.directory(), "another program", e);
      case ErrorCode.FILE_CORRUPTED_1,
          ErrorCode.FILE_VERSION_ERROR_1,
          ErrorCode.FILE_ENCRYPTION_ERROR_1,
          ErrorCode.WRONG_USER_OR_PASSWORD ->
          new StorageException(
              Reason.UNREADABLE,
              "The file "
                  + location.file()
                  + " is not a database that can be read. It was left as it is: "
                  + e.getMessage(),
              e);
      default ->
          new StorageException(
              Reason.UNAVAILABLE,
              "The database in " + location + " cannot be opened: " + e.getMessage(),
              e);
    };
  }

  @Override
  public synchronized Connection connect() throws SQLException {
    if (isClosed) {
      throw new SQLException("The storage in " + location + " is closed", "08003");
    }
    if (!opening.isUsable()) {
      reopen();
    }
    return opening.connect();
  }

  private void reopen() throws SQLException {
    opening.shutDown();
    try {
      repair();
      opening = H2Opening.open(location, durability == Durability.SYNCED, unsynced);
      log.info("The database in {} is open again", location);
    } catch (SQLException | IOException e) {
      throw new SQLException(
          "The database in " + location + " cannot be opened again: " + e.getMessage(), "08001", e);
    }
  }

  /** Works on the store while nobody writes, if it can be used at the moment. */
  void whileNobodyWrites(Consumer<MVStore> work) throws SQLException {
    H2Opening current;
    synchronized (this) {
      current = opening;
    }
    if (isUsable()) {
      current.whileNobodyWrites(work);
    }
  }

  synchronized boolean isUsable() {
    return !isClosed && opening.isUsable();
  }

  /** The database is closed, and the lock on the directory keeps others out. */
  private void repair() throws IOException {
    if (!unsynced.isEmpty()) {
      try (var file = FilePath.get(location.file()).open("rw")) {
        unsynced.writeAgain(file);
      }
    }
  }

  @Override
  public Dialect dialect() {
    return Dialect.H2;
  }

  @Override
  public String describe() {
    return "H2 in "
        + location
        + (durability == Durability.SYNCED ? ", each commit synced" : ", commits not synced");
  }

  @Override
  public void close() {
    housekeeping.close();
    closeOpening();
  }

  private synchronized void closeOpening() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      opening.close();
    } catch (SQLException e) {
      log.warn("The database in {} was not closed in order", location, e);
      opening.shutDown();
    } finally {
      lock.close();
    }
  }
}
