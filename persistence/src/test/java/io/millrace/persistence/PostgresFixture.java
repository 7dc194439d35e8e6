package io.millrace.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Settings for storages on a real PostgreSQL server, which syncs its commits. One server per JVM,
 * started when first asked for, and stopped with the JVM.
 */
public final class PostgresFixture {

  private static final AtomicInteger SCHEMAS = new AtomicInteger();

  private static EmbeddedPostgres server;

  private PostgresFixture() {}

  /**
   * Settings for a storage in an empty schema of its own, to be laid over an engine's
   * configuration; the paths begin with {@code millrace.storage}.
   */
  public static Config freshSchema() {
    return settings("test" + SCHEMAS.incrementAndGet());
  }

  private static Config settings(String schema) {
    return ConfigFactory.parseMap(
        Map.of(
            "millrace.storage.provider",
            JdbcStorageProvider.class.getName(),
            "millrace.storage.jdbc.database",
            "postgresql",
            "millrace.storage.jdbc.postgresql.url",
            server().getJdbcUrl("postgres", "postgres"),
            "millrace.storage.jdbc.postgresql.user",
            "postgres",
            "millrace.storage.jdbc.postgresql.schema",
            schema));
  }

  /** The schema that settings name. */
  public static String schemaOf(Config settings) {
    return settings.getString("millrace.storage.jdbc.postgresql.schema");
  }

  /** A connection of a superuser. */
  public static Connection connect() throws SQLException {
    return server().getPostgresDatabase().getConnection();
  }

  /** Runs one statement as superuser. */
  public static void execute(String sql) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Cuts every connection that storages in a schema have at the moment. */
  public static void disconnect(Config settings) throws SQLException {
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'millrace "
            + schemaOf(settings)
            + "'");
  }

  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "200")
                .start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return server;
  }
}
