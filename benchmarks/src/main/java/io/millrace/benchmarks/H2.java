package io.millrace.benchmarks;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;
import io.millrace.persistence.JdbcStorageProvider;
import io.millrace.persistence.JdbcStorageSettings.Durability;
import io.millrace.persistence.internal.StorageDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** H2 inside this process, one database file for each place. */
final class H2 implements Database {

  private final Path parent;
  private final Durability durability;

  H2(Path parent, Durability durability) {
    this.parent = parent;
    this.durability = durability;
  }

  @Override
  public String describe() {
    return "H2 %s, %s"
        .formatted(
            org.h2.engine.Constants.VERSION,
            durability == Durability.SYNCED
                ? "each commit written and synced, one sync per group of commits"
                : "each commit written, not synced");
  }

  @Override
  public Site freshSite() throws IOException {
    Path directory = Directories.fresh(parent);
    Config settings =
        ConfigFactory.parseMap(
            Map.of(
                "millrace.limits.mode",
                "off",
                "millrace.storage.directory",
                directory.resolve("h2").toString(),
                "millrace.storage.jdbc.database",
                "h2",
                "millrace.storage.jdbc.durability",
                Settings.lowerCase(durability)));
    return new H2Site(directory, settings);
  }

  @Override
  public void close() {}

  private record H2Site(Path directory, Config settings) implements Site {

    /**
     * Through the storage's own data source, so that a commit takes the same way to the disk as the
     * journal's.
     */
    @Override
    public PlainTable plainTable() {
      Config millrace = Settings.complete(settings).getConfig("millrace");
      Storage storage = new JdbcStorageProvider().open(millrace);
      StorageDataSource source = new StorageDataSource();
      String journal = storage.plugin().journalId();
      source.setStorage(
          storage
              .plugin()
              .journalConfig()
              .getConfig(journal)
              .getString("slick.db.properties.storage"));
      return new PlainTable(source::getConnection, storage::close);
    }

    @Override
    public void close() throws IOException {
      Directories.delete(directory);
    }
  }
}
