package io.millrace.persistence;

import io.millrace.engine.storage.StorageException;
import io.millrace.persistence.JdbcStorageSettings.Durability;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A schema on a PostgreSQL server, owned by us. */
final class PostgresDatabase implements OpenDatabase {

  private static final Logger log = LoggerFactory.getLogger(PostgresDatabase.class);

  private final PostgresServer server;
  private final PostgresOwnership ownership;
  private final Durability durability;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  private volatile boolean isClosed;

  private PostgresDatabase(
      PostgresServer server, PostgresOwnership ownership, Durability durability) {
    this.server = server;
    this.ownership = ownership;
    this.durability = durability;
  }

  static PostgresDatabase open(JdbcStorageSettings settings) {
    var server = new PostgresServer(settings);
    Connection holder = null;
    try {
      holder = server.connect();
      if (settings.durability() == Durability.SYNCED) {
        server.requireSyncedCommits(holder);
      }
      var ownership = PostgresOwnership.lock(server, holder);
      try (var statement = holder.createStatement()) {
        statement.execute("CREATE SCHEMA IF NOT EXISTS " + server.schema());
      }
      Schema.postgresql().migrate(holder, server.schema(), server.toString());
      ownership.takeOver(settings.postgresql().ownershipCheckInterval());
      return new PostgresDatabase(server, ownership, settings.durability());
    } catch (SQLException e) {
      throw closing(holder, server.explain(e));
    } catch (StorageException e) {
      throw closing(holder, e);
    }
  }

  private static StorageException closing(Connection holder, StorageException failure) {
    if (holder != null) {
      try {
        holder.close();
      } catch (SQLException e) {
        failure.addSuppressed(e);
      }
    }
    return failure;
  }

  @Override
  public Connection connect() throws SQLException {
    try {
      ownership.requireOwnership();
    } catch (StorageException e) {
      throw new SQLException(e.getMessage(), "08004", e);
    }
    var connection = server.connect();
    connections.add(connection);
    if (isClosed) {
      connection.close();
      throw new SQLException("The storage at " + server + " is closed", "08003");
    }
    try {
      // The fence looks at the epoch after it has its lock, which other levels would not see anew.
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      ownership.stamp(connection);
    } catch (SQLException e) {
      close(connection);
      throw e;
    }
    return FencedConnection.of(connection, this);
  }

  /** Whether connections can still be used. */
  boolean isUsable() {
    return !isClosed && !ownership.isLost();
  }

  /** What the failure of a statement of ours means. */
  SQLException explain(SQLException failure) {
    return ownership.explain(failure);
  }

  /** Closes a connection of ours. */
  void close(Connection connection) throws SQLException {
    connections.remove(connection);
    connection.close();
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRESQL;
  }

  @Override
  public String describe() {
    return "PostgreSQL at "
        + server
        + (durability == Durability.SYNCED ? ", each commit synced" : ", durability not checked");
  }

  @Override
  public void close() {
    isClosed = true;
    for (var connection : connections) {
      try {
        connection.close();
      } catch (SQLException e) {
        log.debug("While closing a connection to {}", server, e);
      }
    }
    ownership.close();
  }
}
