package io.millrace.persistence;

import com.typesafe.config.Config;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageProvider;

/**
 * Opens storages in H2 or PostgreSQL, as {@link JdbcStorageSettings} describes them. Named in
 * {@code millrace.storage.provider}.
 */
public final class JdbcStorageProvider implements StorageProvider {

  /** The file system of H2 that opens a file again when an interrupt has closed it. */
  private static final String RETRYING = "retry";

  private final String fileSystem;

  public JdbcStorageProvider() {
    this(RETRYING);
  }

  /** For tests: H2's files live in another of its file systems. */
  JdbcStorageProvider(String fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  public Storage open(Config millrace) {
    var settings = JdbcStorageSettings.of(millrace);
    var database = openDatabase(settings);
    try {
      return new JdbcStorage(database, settings);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private OpenDatabase openDatabase(JdbcStorageSettings settings) {
    return switch (settings.database()) {
      case H2 -> H2Database.open(settings, fileSystem);
      case POSTGRESQL -> PostgresDatabase.open(settings);
    };
  }
}
