package io.millrace.persistence.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import scala.Option;

/**
 * One transaction that puts rows into the journal's table. Tags are not stored: the engine has
 * none.
 */
final class JournalInsert {

  private static final String INSERT =
      """
      INSERT INTO "event_journal" ("deleted", "persistence_id", "sequence_number", "writer",
        "write_timestamp", "adapter_manifest", "event_payload", "event_ser_id",
        "event_ser_manifest", "meta_payload", "meta_ser_id", "meta_ser_manifest")
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private final List<JournalPekkoSerializationRow> rows;

  private boolean isTakenBack;

  JournalInsert(List<JournalPekkoSerializationRow> rows) {
    this.rows = rows;
  }

  /**
   * Inserts and commits, on a connection that commits by itself before and after.
   *
   * @throws SQLException if that failed; then nobody knows whether the rows are written, unless
   *     {@link #isTakenBack}
   */
  void run(Connection connection) throws SQLException {
    if (rows.size() == 1) {
      insertOne(connection);
    } else {
      insertTogether(connection);
    }
  }

  /** Whether it has failed before its commit and has been rolled back. */
  boolean isTakenBack() {
    return isTakenBack;
  }

  /** One statement of a connection that commits by itself is a whole transaction. */
  private void insertOne(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      set(statement, rows.get(0));
      statement.executeUpdate();
    }
  }

  private void insertTogether(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    var isInserted = false;
    try {
      insertAll(connection);
      isInserted = true;
      connection.commit();
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      isTakenBack = !isInserted;
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void insertAll(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      for (var row : rows) {
        set(statement, row);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void set(PreparedStatement statement, JournalPekkoSerializationRow row)
      throws SQLException {
    statement.setBoolean(1, row.deleted());
    statement.setString(2, row.persistenceId());
    statement.setLong(3, row.sequenceNumber());
    statement.setString(4, row.writer());
    statement.setLong(5, row.writeTimestamp());
    statement.setString(6, row.adapterManifest());
    statement.setBytes(7, row.eventPayload());
    statement.setInt(8, row.eventSerId());
    statement.setString(9, row.eventSerManifest());
    setOrNull(statement, 10, row.metaPayload(), Types.BINARY);
    setOrNull(statement, 11, row.metaSerId(), Types.INTEGER);
    setOrNull(statement, 12, row.metaSerManifest(), Types.VARCHAR);
  }

  private static void setOrNull(PreparedStatement statement, int column, Option<?> value, int type)
      throws SQLException {
    if (value.isDefined()) {
      statement.setObject(column, value.get(), type);
    } else {
      statement.setNull(column, type);
    }
  }
}
