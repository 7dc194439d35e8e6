package io.millrace.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Map;

/** Settings for storages in H2 files. */
public final class H2Fixture {

  private H2Fixture() {}

  /**
   * Settings for a storage in a directory, to be laid over an engine's configuration; the paths
   * begin with {@code millrace.storage}.
   */
  public static Config in(Path directory) {
    return ConfigFactory.parseMap(
        Map.of(
            "millrace.storage.provider", JdbcStorageProvider.class.getName(),
            "millrace.storage.directory", directory.toString(),
            "millrace.storage.jdbc.database", "h2"));
  }
}
