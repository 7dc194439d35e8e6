package io.millrace.persistence.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.Option;

class GatheredWritesTest {

  private static final String TABLE =
      """
      CREATE TABLE "event_journal" ("ordering" BIGINT GENERATED ALWAYS AS IDENTITY,
        "deleted" BOOLEAN, "persistence_id" VARCHAR, "sequence_number" BIGINT, "writer" VARCHAR,
        "write_timestamp" BIGINT, "adapter_manifest" VARCHAR, "event_payload" BLOB,
        "event_ser_id" INT, "event_ser_manifest" VARCHAR, "meta_payload" BLOB,
        "meta_ser_id" INT, "meta_ser_manifest" VARCHAR,
        PRIMARY KEY ("persistence_id", "sequence_number"))""";

  /** Works that have been asked for, and have not got their connection yet. */
  private final Queue<Asked> asked = new ArrayDeque<>();

  private record Asked(Consumer<Connection> work, CompletableFuture<Object> done) {}

  private final GatheredWrites writes = gathered(1);

  private Connection database;
  private int commits;
  private boolean commitsFail;

  private GatheredWrites gathered(int writers) {
    return new GatheredWrites(
        work -> {
          var done = new CompletableFuture<>();
          asked.add(new Asked(work, done));
          return done;
        },
        writers);
  }

  @BeforeEach
  void open() throws SQLException {
    database = DriverManager.getConnection("jdbc:h2:mem:");
    try (var statement = database.createStatement()) {
      statement.execute(TABLE);
    }
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  /** The connection, with its explicit commits counted, or refused. */
  private Connection connection() {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              if (method.getName().equals("commit")) {
                commits++;
                if (commitsFail) {
                  throw new SQLException("the commit is not answered");
                }
              }
              try {
                return method.invoke(database, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Connection failing(Error error) {
    return (Connection)
        Proxy.newProxyInstance(
            GatheredWritesTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              throw error;
            });
  }

  /** A thread of the pool has a connection for the work asked for first. */
  private void serve() {
    var first = asked.remove();
    first.work().accept(connection());
    first.done().complete("done");
  }

  private static JournalPekkoSerializationRow row(String id, long number, int bytes) {
    return new JournalPekkoSerializationRow(
        0,
        false,
        id,
        number,
        "writer",
        0,
        "",
        new byte[bytes],
        1,
        "",
        Option.empty(),
        Option.empty(),
        Option.empty());
  }

  private static CompletableFuture<?> add(GatheredWrites writes, String id, long number) {
    return writes.add(List.of(row(id, number, 10))).toCompletableFuture();
  }

  private List<String> stored() throws SQLException {
    var stored = new ArrayList<String>();
    try (var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT \"persistence_id\", \"sequence_number\" FROM \"event_journal\""
                    + " ORDER BY \"ordering\"")) {
      while (rows.next()) {
        stored.add(rows.getString(1) + rows.getLong(2));
      }
    }
    return stored;
  }

  @Test
  void whoIsAloneIsOneStatement() throws SQLException {
    var alone = add(writes, "a", 1);

    serve();

    assertThat(alone).isCompleted();
    assertThat(commits).isZero();
    assertThat(stored()).containsExactly("a1");
    assertThat(asked).isEmpty();
  }

  @Test
  void thoseWhoWaitShareOneTransaction() throws SQLException {
    var outcomes = List.of(add(writes, "a", 1), add(writes, "b", 1), add(writes, "c", 7));
    assertThat(asked).hasSize(1);

    serve();

    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isCompleted());
    assertThat(commits).isEqualTo(1);
    assertThat(stored()).containsExactly("a1", "b1", "c7");
    assertThat(asked).isEmpty();
  }

  @Test
  void whoComesDuringATransactionIsInTheNext() throws SQLException {
    var earlier = add(writes, "a", 1);
    var first = asked.remove();
    first.work().accept(connection());
    var later = add(writes, "b", 1);
    assertThat(earlier).isCompleted();
    assertThat(asked).isEmpty();

    first.done().complete("done");
    serve();

    assertThat(later).isCompleted();
    assertThat(stored()).containsExactly("a1", "b1");
  }

  @Test
  void asManyTransactionsAsThereAreWriters() throws SQLException {
    var two = gathered(2);

    var outcomes = List.of(add(two, "a", 1), add(two, "b", 1), add(two, "c", 1));
    assertThat(asked).hasSize(2);
    serve();
    serve();

    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isCompleted());
    assertThat(stored()).containsExactlyInAnyOrder("a1", "b1", "c1");
  }

  @Test
  void aTransactionTakesNoMoreThanItsBytes() {
    var half = GatheredWrites.MANY_BYTES / 2;
    var outcomes =
        List.of("a", "b", "c").stream()
            .map(id -> writes.add(List.of(row(id, 1, half))).toCompletableFuture())
            .toList();

    serve();

    assertThat(outcomes.get(1)).isCompleted();
    assertThat(outcomes.get(2)).isNotDone();
    serve();
    assertThat(outcomes.get(2)).isCompleted();
  }

  @Test
  void rowsOfOneActorAreWrittenTogetherOrNotAtAll() throws SQLException {
    var twice = writes.add(List.of(row("a", 1, 10), row("a", 1, 10))).toCompletableFuture();

    serve();

    assertThat(twice).isCompletedExceptionally();
    assertThat(stored()).isEmpty();
  }

  @Test
  void whatCannotBeWrittenFailsAlone() throws SQLException {
    var first = add(writes, "a", 1);
    serve();
    assertThat(first).isCompleted();
    var good = add(writes, "b", 1);
    var taken = add(writes, "a", 1);
    var after = add(writes, "c", 1);

    serve();

    assertThat(good).isCompleted();
    assertThat(taken).isCompletedExceptionally();
    assertThat(after).isCompleted();
    assertThat(stored()).containsExactly("a1", "b1", "c1");
    assertThat(database.getAutoCommit()).isTrue();
  }

  @Test
  void nobodyKnowsAfterAFailedCommitAndNobodyTriesAgain() throws SQLException {
    commitsFail = true;
    var outcomes = List.of(add(writes, "a", 1), add(writes, "b", 1));

    serve();

    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isCompletedExceptionally());
    assertThat(commits).isEqualTo(1);
    assertThat(stored()).isEmpty();
    assertThat(database.getAutoCommit()).isTrue();
  }

  @Test
  void withoutAConnectionAllWhoWaitAreToldAndLaterOnesServed() throws SQLException {
    var outcomes = List.of(add(writes, "a", 1), add(writes, "b", 1));

    var cause = new SQLTransientConnectionException("no connection");
    asked.remove().done().completeExceptionally(cause);

    assertThat(outcomes).allSatisfy(outcome -> assertThat(failureOf(outcome)).isSameAs(cause));
    var later = add(writes, "c", 1);
    serve();
    assertThat(later).isCompleted();
    assertThat(stored()).containsExactly("c1");
  }

  @Test
  void afterAnErrorOfTheWriterItsWritesAreToldAndLaterOnesServed() {
    var outcome = add(writes, "a", 1);
    var first = asked.remove();
    var error = new OutOfMemoryError("of a test");
    assertThatThrownBy(() -> first.work().accept(failing(error))).isSameAs(error);
    first.done().completeExceptionally(error);

    assertThat(outcome).isCompletedExceptionally();
    var later = add(writes, "b", 1);
    serve();
    assertThat(later).isCompleted();
  }

  @Test
  void moreThanThereIsRoomForAreRefused() {
    var waiting =
        LongStream.rangeClosed(1, GatheredWrites.ROOM)
            .mapToObj(number -> add(writes, "a", number))
            .toList();

    var refused = add(writes, "b", 1);

    assertThat(failureOf(refused)).isInstanceOf(RejectedExecutionException.class);
    assertThat(waiting).noneMatch(CompletableFuture::isDone);
    serve();
    assertThat(waiting).filteredOn(CompletableFuture::isDone).hasSize(GatheredWrites.MOST_WRITES);
    assertThat(add(writes, "c", 1)).isNotDone();
  }

  private static Throwable failureOf(CompletionStage<?> outcome) {
    return outcome.handle((done, failure) -> failure).toCompletableFuture().join();
  }
}
