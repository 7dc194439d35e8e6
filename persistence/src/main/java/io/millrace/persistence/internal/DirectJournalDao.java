package io.millrace.persistence.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.dbio.DBIOAction;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;
import slick.jdbc.SimpleJdbcAction;

/**
 * The journal's own way to the database, but for its writes: each goes straight to a thread of the
 * pool and is one statement there. The way it comes with passes a stream that gathers rows of
 * several actors into one transaction, which is switched off here, and composes a transaction of
 * several actions; for a lone caller these hand-overs between threads are a good part of the time
 * of a put.
 *
 * <p>A statement of a connection that commits by itself is a whole transaction, which passes the
 * guard of the storage; several rows make one transaction of their own. Rows that do not find room
 * in the queue of the pool are refused with {@code RejectedExecutionException}. Tags are not
 * stored: the engine has none.
 */
public class DirectJournalDao extends DefaultJournalDao {

  private static final String INSERT =
      """
      INSERT INTO "event_journal" ("deleted", "persistence_id", "sequence_number", "writer",
        "write_timestamp", "adapter_manifest", "event_payload", "event_ser_id",
        "event_ser_manifest", "meta_payload", "meta_ser_id", "meta_ser_manifest")
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private final JdbcDatabaseDef database;

  /** Called by the journal. */
  public DirectJournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(database, profile, config, serialization, executor, materializer);
    this.database = database;
  }

  /** The types are raw because Slick's type of effects is contravariant, which Java cannot say. */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public Future<BoxedUnit> queueWriteJournalRows(
      Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
    DBIOAction write =
        new SimpleJdbcAction<>(
            context -> {
              write(context.connection(), rows);
              return BoxedUnit.UNIT;
            });
    return database.run(write);
  }

  private static void write(
      Connection connection, Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
    try {
      if (rows.size() == 1) {
        insert(connection, rows);
      } else {
        insertTogether(connection, rows);
      }
    } catch (SQLException failure) {
      throw new IllegalStateException(
          "Event " + rows.head()._1().sequenceNumber() + " was not taken by the journal", failure);
    }
  }

  private static void insertTogether(
      Connection connection, Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows)
      throws SQLException {
    connection.setAutoCommit(false);
    try {
      insert(connection, rows);
      connection.commit();
    } catch (SQLException failure) {
      connection.rollback();
      throw failure;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private static void insert(
      Connection connection, Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows)
      throws SQLException {
    try (var statement = connection.prepareStatement(INSERT)) {
      for (var all = rows.iterator(); all.hasNext(); ) {
        set(statement, all.next()._1());
        statement.executeUpdate();
      }
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
