package io.millrace.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * The journal's table of one place, reached by plain JDBC: the same columns, keys and payload type
 * as the engine's events, and nothing else in between. Closed before an engine opens there.
 */
final class PlainTable implements AutoCloseable {

  private static final String INSERT =
      "INSERT INTO \"event_journal\" (\"persistence_id\", \"sequence_number\", \"writer\","
          + " \"write_timestamp\", \"adapter_manifest\", \"event_payload\", \"event_ser_id\","
          + " \"event_ser_manifest\") VALUES (?, ?, 'plain', 0, '', ?, 0, '')";

  private static final String LARGEST =
      "SELECT \"persistence_id\", MIN(\"sequence_number\"), MAX(\"sequence_number\")"
          + " FROM \"event_journal\" GROUP BY \"persistence_id\" ORDER BY COUNT(*) DESC";

  private static final String RANGE =
      "SELECT \"event_payload\" FROM \"event_journal\" WHERE \"persistence_id\" = ?"
          + " AND \"sequence_number\" BETWEEN ? AND ? ORDER BY \"sequence_number\"";

  /** Where connections come from. */
  @FunctionalInterface
  interface Connections {
    Connection connect() throws SQLException;
  }

  /**
   * The rows of one actor.
   *
   * @param id its persistence id
   * @param first number of its oldest row
   * @param last number of its newest row
   */
  record Rows(String id, long first, long last) {}

  private final Connections connections;
  private final Runnable whenClosed;

  PlainTable(Connections connections, Runnable whenClosed) {
    this.connections = connections;
    this.whenClosed = whenClosed;
  }

  @Override
  public void close() {
    whenClosed.run();
  }

  /** A writer of rows with this id; one thread's. */
  Writer writer(String id) throws SQLException {
    return new Writer(connections.connect(), id);
  }

  /** A reader; one thread's. */
  Reader reader() throws SQLException {
    return new Reader(connections.connect());
  }

  /** The actor that has the most rows. */
  Rows largest() throws SQLException {
    try (Connection connection = connections.connect();
        PreparedStatement statement = connection.prepareStatement(LARGEST);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return new Rows(rows.getString(1), rows.getLong(2), rows.getLong(3));
    }
  }

  /** Inserts rows, one commit for each. */
  static final class Writer implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement insert;
    private final String id;
    private long number;

    private Writer(Connection connection, String id) throws SQLException {
      this.connection = connection;
      this.id = id;
      connection.setAutoCommit(false);
      insert = connection.prepareStatement(INSERT);
    }

    void insert(byte[] payload) throws SQLException {
      insert.setString(1, id);
      insert.setLong(2, ++number);
      insert.setBytes(3, payload);
      insert.executeUpdate();
      connection.commit();
    }

    @Override
    public void close() throws SQLException {
      insert.close();
      connection.close();
    }
  }

  /** Reads ranges of rows. */
  static final class Reader implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement range;

    private Reader(Connection connection) throws SQLException {
      this.connection = connection;
      range = connection.prepareStatement(RANGE);
    }

    /** Reads rows {@code first} to {@code last}, both inclusive; returns their bytes. */
    long read(String id, long first, long last) throws SQLException {
      range.setString(1, id);
      range.setLong(2, first);
      range.setLong(3, last);
      long bytes = 0;
      try (ResultSet rows = range.executeQuery()) {
        while (rows.next()) {
          bytes += rows.getBytes(1).length;
        }
      }
      return bytes;
    }

    @Override
    public void close() throws SQLException {
      range.close();
      connection.close();
    }
  }
}
