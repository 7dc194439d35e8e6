package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server as the settings name it: how to connect, and what has to be true of it before
 * a storage may use it.
 */
final class PostgresServer {

  private static final Pattern SCHEMA_NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  private final JdbcStorageSettings settings;
  private final PGSimpleDataSource source = new PGSimpleDataSource();

  PostgresServer(JdbcStorageSettings settings) {
    this.settings = settings;
    var server = settings.postgresql();
    if (!SCHEMA_NAME.matcher(server.schema()).matches()) {
      throw misconfigured("The schema must be a plain lower-case name: " + server.schema(), null);
    }
    try {
      source.setUrl(server.url());
    } catch (IllegalArgumentException e) {
      throw misconfigured("Not the URL of a PostgreSQL database: " + server.url(), e);
    }
    if (!server.user().isEmpty()) {
      source.setUser(server.user());
      source.setPassword(server.password());
    }
    source.setCurrentSchema(server.schema());
    source.setApplicationName("millrace " + server.schema());
    source.setConnectTimeout(seconds(settings.connectionTimeout().toSeconds()));
    // A little longer than statements may take, so that these are cancelled in an orderly way.
    var statement = settings.statementTimeout().toSeconds();
    source.setSocketTimeout(statement == 0 ? 0 : seconds(statement + 5));
    source.setTcpKeepAlive(true);
  }

  private static int seconds(long seconds) {
    return (int) Math.max(1, Math.min(seconds, 3600));
  }

  Connection connect() throws SQLException {
    return source.getConnection();
  }

  String schema() {
    return settings.postgresql().schema();
  }

  /** Refuses durability {@code synced} on a server that does not sync. */
  void requireSyncedCommits(Connection connection) throws SQLException {
    for (var setting : new String[] {"fsync", "synchronous_commit"}) {
      if (show(connection, setting).equals("off")) {
        throw misconfigured(
            "The server has "
                + setting
                + " off, so commits would not survive power loss. Turn it on, or set"
                + " millrace.storage.jdbc.durability to process.",
            null);
      }
    }
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("SHOW " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }

  StorageException explain(SQLException e) {
    var state = e.getSQLState() == null ? "" : e.getSQLState();
    // Who we are (28), what we may (42501), which database (3D000).
    return state.startsWith("28") || state.equals("42501") || state.equals("3D000")
        ? misconfigured("The server refuses us at " + this + ": " + e.getMessage(), e)
        : new StorageException(
            Reason.UNAVAILABLE, "No storage at " + this + ": " + e.getMessage(), e);
  }

  private static StorageException misconfigured(String message, Throwable cause) {
    return new StorageException(Reason.MISCONFIGURED, message, cause);
  }

  @Override
  public String toString() {
    var parts = source.getServerNames()[0] + ":" + source.getPortNumbers()[0];
    return parts + "/" + source.getDatabaseName() + ", schema " + schema();
  }
}
