package io.millrace.benchmarks;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.persistence.JdbcStorageProvider;
import io.millrace.persistence.JdbcStorageSettings.Durability;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A PostgreSQL server beside this process, one schema for each place. */
final class Postgres implements Database {

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private final Path parent;
  private final Durability durability;
  private final EmbeddedPostgres server;

  private Postgres(Path parent, Durability durability, EmbeddedPostgres server) {
    this.parent = parent;
    this.durability = durability;
    this.server = server;
  }

  /** Starts a server whose commits have this durability. */
  static Postgres start(Path parent, Durability durability) throws IOException {
    return new Postgres(
        parent,
        durability,
        EmbeddedPostgres.builder()
            .setDataDirectory(Directories.fresh(parent))
            .setCleanDataDirectory(true)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", durability == Durability.SYNCED ? "on" : "off")
            .start());
  }

  private String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public String describe() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url())) {
      return "PostgreSQL %s, fsync on, synchronous_commit %s"
          .formatted(
              connection.getMetaData().getDatabaseProductVersion(),
              durability == Durability.SYNCED ? "on" : "off");
    }
  }

  @Override
  public Site freshSite() throws IOException {
    String schema = "bench" + SCHEMAS.incrementAndGet();
    Config settings =
        ConfigFactory.parseMap(
            Map.of(
                "millrace.limits.mode",
                "off",
                "millrace.storage.jdbc.database",
                "postgresql",
                "millrace.storage.jdbc.durability",
                Settings.lowerCase(durability),
                "millrace.storage.jdbc.postgresql.url",
                url(),
                "millrace.storage.jdbc.postgresql.user",
                "postgres",
                "millrace.storage.jdbc.postgresql.schema",
                schema));
    return new Schema(Directories.fresh(parent), settings, url(), schema);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private record Schema(Path directory, Config settings, String url, String schema)
      implements Site {

    /** Plain connections: what the storage adds to each commit is ours to pay, not theirs. */
    @Override
    public PlainTable plainTable() {
      new JdbcStorageProvider().open(Settings.complete(settings).getConfig("millrace")).close();
      return new PlainTable(
          () -> {
            Connection connection = DriverManager.getConnection(url);
            connection.setSchema(schema);
            try (var statement = connection.createStatement()) {
              // Without the triggers by which the schema knows its owner.
              statement.execute("SET session_replication_role = replica");
            }
            return connection;
          },
          () -> {});
    }

    @Override
    public void close() throws IOException, SQLException {
      try (Connection connection = DriverManager.getConnection(url);
          var statement = connection.createStatement()) {
        statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
      }
      Directories.delete(directory);
    }
  }
}
