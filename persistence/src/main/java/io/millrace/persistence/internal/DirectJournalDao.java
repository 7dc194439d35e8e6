package io.millrace.persistence.internal;

import java.sql.Connection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;
import slick.dbio.DBIOAction;
import slick.jdbc.JdbcBackend.JdbcDatabaseDef;
import slick.jdbc.JdbcProfile;
import slick.jdbc.SimpleJdbcAction;

/**
 * The journal's own way to the database, but for its writes: each goes straight to a thread of the
 * pool, or joins those that wait for one ({@link GatheredWrites}). The way it comes with passes a
 * stream that gathers rows of several actors into one transaction, which is switched off here, and
 * composes a transaction of several actions; for a lone caller these hand-overs between threads are
 * a good part of the time of a put.
 *
 * <p>Writes that do not find room are refused with {@code RejectedExecutionException}.
 */
public class DirectJournalDao extends DefaultJournalDao {

  private static final ExecutionContext WHERE_IT_COMPLETES =
      ExecutionContext.fromExecutor(Runnable::run);

  private final GatheredWrites writes;

  /** Called by the journal. */
  public DirectJournalDao(
      JdbcDatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext executor,
      Materializer materializer) {
    super(database, profile, config, serialization, executor, materializer);
    var writers = (Integer) database.source().maxConnections().get();
    writes = new GatheredWrites(work -> run(database, work), writers);
  }

  /**
   * The types are raw because Slick's type of effects is contravariant, which Java cannot say. A
   * stage of its own, because whatever depends on a converted one runs in the common pool, behind
   * whoever blocks there, and on two processors even on a new thread each time.
   */
  @SuppressWarnings({"rawtypes", "unchecked"})
  private static CompletionStage<?> run(JdbcDatabaseDef database, Consumer<Connection> work) {
    DBIOAction action =
        new SimpleJdbcAction<>(
            context -> {
              work.accept(context.connection());
              return BoxedUnit.UNIT;
            });
    var done = new CompletableFuture<Void>();
    ((Future<BoxedUnit>) database.run(action))
        .onComplete(
            result ->
                result.isSuccess()
                    ? done.complete(null)
                    : done.completeExceptionally(result.failed().get()),
            WHERE_IT_COMPLETES);
    return done;
  }

  @Override
  public Future<BoxedUnit> queueWriteJournalRows(
      Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
    return FutureConverters.asScala(
        writes.add(CollectionConverters.asJava(rows).stream().map(Tuple2::_1).toList()));
  }
}
