package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import io.millrace.persistence.internal.StorageDataSource;
import io.millrace.testkit.Awaits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
class PostgresFailureTest {

  private final Config settings = PostgresFixture.freshSchema();
  private Storage storage = open("ownership-check-interval = 20ms");

  private Storage open(String postgresql) {
    return TestStorage.open(
        ConfigFactory.parseString("millrace.storage.jdbc.postgresql { " + postgresql + " }")
            .withFallback(settings));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private Connection connect() throws SQLException {
    var source = new StorageDataSource();
    source.setStorage(PluginConfigTest.idOf(storage));
    return source.getConnection();
  }

  private static void insertSnapshot(Connection connection, int number) throws SQLException {
    try (var statement =
        connection.prepareStatement(
            "INSERT INTO snapshot VALUES ('a', ?, 0, 1, '', 'x', NULL, NULL, NULL)")) {
      statement.setInt(1, number);
      statement.executeUpdate();
    }
  }

  private void takeOver() throws SQLException {
    PostgresFixture.execute(
        "UPDATE " + PostgresFixture.schemaOf(settings) + ".millrace_owner SET epoch = epoch + 1");
  }

  private static boolean isLost(Throwable failure) {
    return failure instanceof StorageException e && e.reason() == Reason.OWNERSHIP_LOST;
  }

  @Test
  void engineThatWasTakenOverWritesNothingMore() throws Exception {
    try (var connection = connect()) {
      insertSnapshot(connection, 1);
      takeOver();

      assertThatThrownBy(() -> insertSnapshot(connection, 2))
          .cause()
          .satisfies(e -> assertThat(isLost(e)).isTrue());
      connection.setAutoCommit(false);
      assertThatThrownBy(() -> insertSnapshot(connection, 3))
          .cause()
          .satisfies(e -> assertThat(isLost(e)).isTrue());
      connection.rollback();
    }

    assertThatThrownBy(this::connect).hasCauseInstanceOf(StorageException.class);
    assertThat(storage.trimmer().erase("a", 10).toCompletableFuture())
        .failsWithin(TestSystem.PATIENCE)
        .withThrowableThat()
        .havingCause()
        .matches(PostgresFailureTest::isLost);
    try (var connection = PostgresFixture.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM " + PostgresFixture.schemaOf(settings) + ".snapshot")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(1);
    }
  }

  @Test
  void takingOverWaitsForTransactionsThatHaveWritten() throws Exception {
    try (var connection = connect()) {
      connection.setAutoCommit(false);
      insertSnapshot(connection, 1);
      var takeOver = CompletableFuture.runAsync(this::takeOverUnchecked);
      Awaits.await("the new owner to wait for the lock", this::someoneWaitsForTheFence);

      connection.commit();

      assertThat(takeOver).succeedsWithin(TestSystem.PATIENCE);
      assertThatThrownBy(() -> insertSnapshot(connection, 2))
          .cause()
          .satisfies(e -> assertThat(isLost(e)).isTrue());
      connection.rollback();
    }
  }

  private void takeOverUnchecked() {
    try {
      takeOver();
    } catch (SQLException failure) {
      throw new CompletionException(failure);
    }
  }

  private boolean someoneWaitsForTheFence() throws SQLException {
    try (var connection = PostgresFixture.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                    + " AND objid = '"
                    + PostgresFixture.schemaOf(settings)
                    + ".millrace_owner'::regclass::oid")) {
      rows.next();
      return rows.getInt(1) == 1;
    }
  }

  @Test
  void schemaOfTheFirstReleaseIsMigrated() throws Exception {
    storage.close();
    var schema = PostgresFixture.schemaOf(settings);
    PostgresFixture.execute(
        """
        DROP FUNCTION %1$s.millrace_fence CASCADE;
        DROP FUNCTION %1$s.millrace_raise_epoch CASCADE;
        UPDATE %1$s.millrace_schema SET version = 1"""
            .formatted(schema));

    storage = open("ownership-check-interval = 20ms");

    engineThatWasTakenOverWritesNothingMore();
  }

  @Test
  void actorsGoOnAfterEveryConnectionWasCut() throws Exception {
    try (var system = new TestSystem(storage)) {
      var actor = system.actor("shard|a");
      assertThat(system.append(actor, new byte[10])).isEqualTo("1/10");

      PostgresFixture.disconnect(settings);

      TestProbe<String> probe = system.kit().createTestProbe(String.class);
      probe.awaitAssert(
          TestSystem.PATIENCE,
          Duration.ofMillis(50),
          () -> {
            var again = system.actor("shard|a");
            var asked = system.kit().<String>createTestProbe();
            again.tell(new TestActor.Append(new byte[10], asked.getRef()));
            return assertThat(asked.receiveMessage(Duration.ofSeconds(2))).endsWith("0");
          });
    }
  }

  @Test
  void secondEngineIsRefusedAgainAfterEveryConnectionWasCut() throws Exception {
    PostgresFixture.disconnect(settings);

    TestProbe<String> probe;
    try (var system = new TestSystem(storage)) {
      probe = system.kit().createTestProbe(String.class);
      probe.awaitAssert(
          TestSystem.PATIENCE,
          Duration.ofMillis(20),
          () -> {
            try (var connection = PostgresFixture.connect();
                var statement = connection.createStatement();
                var rows =
                    statement.executeQuery(
                        "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                            + " WHERE l.locktype = 'advisory' AND a.application_name = 'millrace "
                            + PostgresFixture.schemaOf(settings)
                            + "'")) {
              rows.next();
              return assertThat(rows.getInt(1)).isEqualTo(1);
            } catch (SQLException e) {
              throw new IllegalStateException(e);
            }
          });
    }

    assertThatThrownBy(() -> open(""))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE));
    try (var connection = connect()) {
      insertSnapshot(connection, 1);
    }
  }

  @Test
  void serverThatDoesNotSyncIsRefusedOnlyIfCommitsMustBeSynced() throws Exception {
    storage.close();
    PostgresFixture.execute(
        "CREATE ROLE careless LOGIN SUPERUSER; ALTER ROLE careless SET synchronous_commit = off");
    try {
      assertThatThrownBy(() -> open("user = careless"))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISCONFIGURED))
          .hasMessageContaining("synchronous_commit");

      TestStorage.open(
              ConfigFactory.parseString(
                      "millrace.storage.jdbc { durability = process, postgresql.user = careless }")
                  .withFallback(settings))
          .close();
    } finally {
      PostgresFixture.execute("DROP ROLE careless");
    }
  }

  @Test
  void whatCannotWorkIsNamed() {
    assertReason(Reason.UNAVAILABLE, "url = \"jdbc:postgresql://localhost:1/postgres\"");
    assertReason(Reason.MISCONFIGURED, "url = \"jdbc:mysql://localhost/x\"");
    assertReason(Reason.MISCONFIGURED, "user = nobody-here");
    assertReason(Reason.MISCONFIGURED, "schema = \"Robert'); DROP TABLE\"");
  }

  private void assertReason(Reason reason, String postgresql) {
    assertThatThrownBy(() -> open(postgresql))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
