package io.millrace.persistence;

import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/**
 * Pages by range selects on the journal's primary key. Sizes are read before payloads, so that no
 * more is ever asked of the database than one page holds.
 */
final class JdbcPages implements JournalPages {

  /** In the order of the primary key; H2 would not see it without its first column. */
  private static final String IN_RANGE =
      """
       FROM "event_journal"
      WHERE "persistence_id" = ? AND "sequence_number" BETWEEN ? AND ? AND "deleted" = FALSE
      ORDER BY "persistence_id", "sequence_number" LIMIT\s""";

  /** Rows whose sizes are read at a time: few at first, since large ones fill a page soon. */
  private static final int FIRST_STEP = 16;

  private static final int MAX_STEP = 256;

  private final DataSource connections;
  private final StorageThreads threads;
  private final Timeouts timeouts;
  private final String sizes;
  private final String payloads;
  private final String prefix;

  JdbcPages(DataSource connections, StorageThreads threads, Dialect dialect, Timeouts timeouts) {
    this.connections = connections;
    this.threads = threads;
    this.timeouts = timeouts;
    sizes = "SELECT \"sequence_number\", OCTET_LENGTH(\"event_payload\")" + IN_RANGE + "?";
    payloads = "SELECT \"sequence_number\", " + dialect.payload() + IN_RANGE + MAX_STEP;
    prefix = "SELECT \"sequence_number\", " + dialect.prefix() + IN_RANGE + 1;
  }

  @Override
  public CompletionStage<List<JournalRow>> read(
      String persistenceId, long from, long to, int maxBytes) {
    return threads.run(
        () -> {
          try (var connection = connections.getConnection()) {
            return readPage(connection, persistenceId, from, to, maxBytes);
          }
        });
  }

  private List<JournalRow> readPage(
      Connection connection, String persistenceId, long from, long to, int maxBytes)
      throws SQLException {
    var page = new ArrayList<JournalRow>();
    var room = (long) maxBytes;
    var next = from;
    for (var limit = FIRST_STEP; next <= to; limit = Math.min(MAX_STEP, limit * 4)) {
      var step = step(connection, persistenceId, next, to, limit, room, page.isEmpty());
      if (step.rows() > 0) {
        readPayloads(connection, persistenceId, next, step.last(), page);
      }
      if (!step.goesOn()) {
        break;
      }
      room -= step.bytes();
      next = step.last() + 1;
    }
    return page;
  }

  /**
   * Which rows to read next.
   *
   * @param last number of the last of them
   * @param goesOn whether there may be room for rows after them
   */
  private record Step(int rows, long last, long bytes, boolean goesOn) {}

  private Step step(
      Connection connection,
      String persistenceId,
      long from,
      long to,
      int limit,
      long room,
      boolean isFirst)
      throws SQLException {
    try (var select = connection.prepareStatement(sizes)) {
      timeouts.apply(select);
      select.setString(1, persistenceId);
      select.setLong(2, from);
      select.setLong(3, to);
      select.setInt(4, limit);
      try (var found = select.executeQuery()) {
        var rows = 0;
        var last = from;
        var bytes = 0L;
        while (found.next()) {
          var size = found.getLong(2);
          if (bytes + size > room && !(isFirst && rows == 0)) {
            return new Step(rows, last, bytes, false);
          }
          rows++;
          last = found.getLong(1);
          bytes += size;
        }
        return new Step(rows, last, bytes, rows == limit && bytes < room);
      }
    }
  }

  private void readPayloads(
      Connection connection, String persistenceId, long from, long to, List<JournalRow> page)
      throws SQLException {
    try (var select = connection.prepareStatement(payloads)) {
      timeouts.apply(select);
      select.setString(1, persistenceId);
      select.setLong(2, from);
      select.setLong(3, to);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          page.add(new JournalRow(rows.getLong(1), rows.getBytes(2)));
        }
      }
    }
  }

  @Override
  public CompletionStage<Optional<JournalRow>> prefix(
      String persistenceId, long from, long to, int prefixBytes) {
    return threads.run(
        () -> {
          try (var connection = connections.getConnection();
              var select = connection.prepareStatement(prefix)) {
            timeouts.apply(select);
            select.setInt(1, prefixBytes);
            select.setString(2, persistenceId);
            select.setLong(3, from);
            select.setLong(4, to);
            try (var rows = select.executeQuery()) {
              return rows.next()
                  ? Optional.of(new JournalRow(rows.getLong(1), rows.getBytes(2)))
                  : Optional.<JournalRow>empty();
            }
          }
        });
  }
}
