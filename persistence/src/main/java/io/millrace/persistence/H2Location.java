package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.nio.file.Path;

/**
 * Where an H2 database is, and how H2 opens it there.
 *
 * @param directory absolute, without links
 * @param fileSystem of H2
 * @param settings what follows the path in the URL
 */
record H2Location(Path directory, String fileSystem, String settings) {

  private static final String NAME = "millrace";

  static H2Location of(Path directory, String fileSystem, JdbcStorageSettings.H2 settings) {
    if (directory.toString().contains(";")) {
      throw new StorageException(
          Reason.MISCONFIGURED,
          "The directory of an H2 storage must not contain a semicolon: " + directory);
    }
    return new H2Location(
        directory,
        fileSystem,
        // Each commit is written before it returns, by the thread that commits.
        ";WRITE_DELAY=0"
            // The exit hook of H2 would race an orderly shutdown.
            + ";DB_CLOSE_ON_EXIT=FALSE"
            + ";TRACE_LEVEL_FILE=0"
            // How long a BLOB that was read as such stays alive after it was deleted, by default 5
            // minutes. Recovery reads so; a result is read within this time.
            + ";LOB_TIMEOUT=10000"
            + (";RETENTION_TIME=" + settings.retentionTime().toMillis())
            + (";CACHE_SIZE=" + settings.cacheSizeBytes() / 1024));
  }

  /** The path of the database file, as H2 names it. */
  String file() {
    return path() + ".mv.db";
  }

  /**
   * How H2 is to open it.
   *
   * @param prefix of another file system
   */
  String url(String prefix) {
    return "jdbc:h2:" + prefix + path() + settings;
  }

  private String path() {
    return fileSystem + ":" + directory.resolve(NAME).toString().replace('\\', '/');
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
