package io.millrace.persistence.internal;

import java.sql.SQLException;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;

/**
 * The way to H2. It finds the highest number of an actor by its index only if the order names all
 * columns of the index; otherwise each recovery walks over every event the actor has.
 */
public final class H2JournalDao extends DirectJournalDao {

  private static final String HIGHEST =
      """
      SELECT "sequence_number" FROM "event_journal" WHERE "persistence_id" = ?
      ORDER BY "persistence_id" DESC, "sequence_number" DESC LIMIT 1""";

  private final JdbcDatabaseDef database;

  /** Called by the journal. */
  public H2JournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(database, profile, config, serialization, executor, materializer);
    this.database = database;
  }

  @Override
  public Future<Object> highestSequenceNr(String persistenceId, long fromSequenceNr) {
    return Future.apply(() -> highest(persistenceId), database.ioExecutionContext());
  }

  private Object highest(String persistenceId) {
    try (var connection = database.source().createConnection();
        var select = connection.prepareStatement(HIGHEST)) {
      select.setString(1, persistenceId);
      try (var rows = select.executeQuery()) {
        return rows.next() ? rows.getLong(1) : 0L;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("The highest number of an actor cannot be read", e);
    }
  }
}
