package io.millrace.persistence;

import io.millrace.engine.storage.JournalTrimmer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/**
 * Deletes rows for good, by ranges of the primary key, so that no payload is read or written again.
 */
final class JdbcTrimmer implements JournalTrimmer {

  private static final String LAST_OF_OLDEST =
      """
      SELECT MAX("sequence_number") FROM (
        SELECT "sequence_number" FROM "event_journal"
        WHERE "persistence_id" = ? AND "sequence_number" < ?
        ORDER BY "persistence_id", "sequence_number" LIMIT ?) AS "oldest\"""";

  private static final String DELETE_EVENTS =
      """
      DELETE FROM "event_journal" WHERE "persistence_id" = ? AND "sequence_number" <= ?""";

  private static final String DELETE_SNAPSHOTS =
      """
      DELETE FROM "snapshot" WHERE "persistence_id" = ? AND "sequence_number" < ?""";

  private final DataSource connections;
  private final StorageThreads threads;
  private final Timeouts timeouts;

  JdbcTrimmer(DataSource connections, StorageThreads threads, Timeouts timeouts) {
    this.connections = connections;
    this.threads = threads;
    this.timeouts = timeouts;
  }

  @Override
  public CompletionStage<Integer> deleteEvents(String persistenceId, long below, int maxRows) {
    return transaction(connection -> deleteEvents(connection, persistenceId, below, maxRows));
  }

  @Override
  public CompletionStage<Integer> deleteSnapshots(String persistenceId, long below) {
    return transaction(connection -> delete(connection, DELETE_SNAPSHOTS, persistenceId, below));
  }

  @Override
  public CompletionStage<Integer> erase(String persistenceId, int maxRows) {
    return transaction(
        connection -> {
          var snapshots = delete(connection, DELETE_SNAPSHOTS, persistenceId, Long.MAX_VALUE);
          return snapshots > 0
              ? snapshots
              : deleteEvents(connection, persistenceId, Long.MAX_VALUE, maxRows);
        });
  }

  private int deleteEvents(Connection connection, String persistenceId, long below, int maxRows)
      throws SQLException {
    long last;
    try (var select = connection.prepareStatement(LAST_OF_OLDEST)) {
      timeouts.apply(select);
      select.setString(1, persistenceId);
      select.setLong(2, below);
      select.setInt(3, maxRows);
      try (var rows = select.executeQuery()) {
        rows.next();
        last = rows.getLong(1);
        if (rows.wasNull()) {
          return 0;
        }
      }
    }
    return delete(connection, DELETE_EVENTS, persistenceId, last);
  }

  private int delete(Connection connection, String sql, String persistenceId, long bound)
      throws SQLException {
    try (var delete = connection.prepareStatement(sql)) {
      timeouts.apply(delete);
      delete.setString(1, persistenceId);
      delete.setLong(2, bound);
      return delete.executeUpdate();
    }
  }

  private CompletionStage<Integer> transaction(Deletion deletion) {
    return threads.run(
        () -> {
          try (var connection = connections.getConnection()) {
            connection.setAutoCommit(false);
            try {
              var deleted = deletion.on(connection);
              connection.commit();
              return deleted;
            } catch (SQLException | RuntimeException e) {
              connection.rollback();
              throw e;
            } finally {
              connection.setAutoCommit(true);
            }
          }
        });
  }

  @FunctionalInterface
  private interface Deletion {
    int on(Connection connection) throws SQLException;
  }
}
