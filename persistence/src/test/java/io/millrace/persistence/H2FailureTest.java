package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import io.millrace.persistence.internal.StorageDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2FailureTest {

  private static final String INSERT_SNAPSHOT =
      "INSERT INTO \"snapshot\" VALUES ('a', ?, 0, 1, '', X'00', NULL, NULL, NULL)";

  @TempDir Path temporary;

  private final Disk disk = new Disk(0);
  private Path directory;
  private Storage storage;

  @BeforeEach
  void open() throws Exception {
    directory = temporary.toRealPath();
    PowerLossFilePath.mount(directory.toString(), disk);
    storage = open(PowerLossFilePath.SCHEME, "synced");
  }

  @AfterEach
  void close() {
    if (storage != null) {
      storage.close();
    }
    PowerLossFilePath.unmount(directory.toString());
  }

  private Storage open(String fileSystem, String durability) {
    return new JdbcStorageProvider(fileSystem)
        .open(
            ConfigFactory.parseString(
                    "millrace.storage.jdbc { connection-timeout = 1s, durability = "
                        + durability
                        + " }")
                .withFallback(H2Fixture.in(directory))
                .withFallback(ConfigFactory.load())
                .getConfig("millrace"));
  }

  private Connection connect() throws SQLException {
    var source = new StorageDataSource();
    source.setStorage(PluginConfigTest.idOf(storage));
    return source.getConnection();
  }

  private static void insert(Connection connection, int number) throws SQLException {
    try (var statement = connection.prepareStatement(INSERT_SNAPSHOT)) {
      statement.setInt(1, number);
      statement.executeUpdate();
    }
  }

  @Test
  void forceCompletesBeforeCommitReturns() throws Exception {
    try (var connection = connect()) {
      connection.setAutoCommit(false);
      for (var number = 0; number < 20; number++) {
        var before = disk.forces();
        insert(connection, number);
        connection.commit();
        assertThat(disk.forces()).isGreaterThan(before);
        assertThat(disk.hasUnforcedWrites()).isFalse();
      }
    }
  }

  @Test
  void forceCompletesBeforeStatementReturnsThatCommitsByItself() throws Exception {
    try (var connection = connect()) {
      for (var number = 0; number < 20; number++) {
        insert(connection, number);
        assertThat(disk.hasUnforcedWrites()).isFalse();
        assertThat(connection.getAutoCommit()).isTrue();
      }
    }
  }

  @Test
  void doesNotForceWhenProcessIsAllThatMustBeSurvived() throws Exception {
    storage.close();
    storage = open(PowerLossFilePath.SCHEME, "process");
    try (var connection = connect()) {
      var before = disk.forces();
      insert(connection, 1);
      assertThat(disk.forces()).isEqualTo(before);
      assertThat(disk.hasUnforcedWrites()).isTrue();
    }
  }

  @Test
  void failedSyncFailsCommitsUntilDatabaseIsReopened() throws Exception {
    try (var old = connect();
        var other = connect()) {
      insert(old, 1);
      disk.fail("input/output error");
      assertThatThrownBy(() -> insert(old, 2)).isInstanceOf(SQLException.class);

      assertThatThrownBy(this::connect)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("cannot be opened again");
      disk.mend();

      try (var fresh = connect()) {
        insert(fresh, 3);
        assertThat(disk.hasUnforcedWrites()).isFalse();
      }
      assertThat(old.isValid(1)).isFalse();
      assertThatThrownBy(() -> insert(other, 4)).isInstanceOf(SQLException.class);
    }
    assertThat(numbers()).contains(1, 3).doesNotContain(4);
  }

  private java.util.List<Integer> numbers() throws SQLException {
    var numbers = new java.util.ArrayList<Integer>();
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT \"sequence_number\" FROM \"snapshot\"")) {
      while (rows.next()) {
        numbers.add(rows.getInt(1));
      }
    }
    return numbers;
  }

  @Test
  void whatIsConfirmedAfterAnOutageSurvivesPowerLoss() throws Exception {
    try (var connection = connect()) {
      insert(connection, 1);
      disk.fail("input/output error");
      assertThatThrownBy(() -> insert(connection, 2)).isInstanceOf(SQLException.class);
      disk.mend();
    }
    try (var connection = connect()) {
      insert(connection, 3);
    }

    var survivor = disk.cutPower(new Random(1));
    storage.close();
    PowerLossFilePath.unmount(directory.toString());
    Files.write(directory.resolve("millrace.mv.db"), survivor);
    storage = open("retry", "synced");

    assertThat(numbers()).contains(1, 3);
  }

  @Test
  void actorsGoOnAfterAnOutage() {
    try (var system = new TestSystem(storage)) {
      var actor = system.actor("shard|a");
      assertThat(system.append(actor, new byte[10])).isEqualTo("1/10");
      disk.fail("input/output error");
      TestProbe<String> probe = system.kit().createTestProbe(String.class);
      actor.tell(new TestActor.Append(new byte[10], probe.getRef()));
      probe.expectTerminated(actor, TestSystem.PATIENCE);
      disk.mend();

      probe.awaitAssert(
          TestSystem.PATIENCE,
          Duration.ofMillis(100),
          () -> {
            var again = system.actor("shard|a");
            var asked = system.kit().<String>createTestProbe();
            again.tell(new TestActor.Append(new byte[10], asked.getRef()));
            return assertThat(asked.receiveMessage(Duration.ofSeconds(2))).endsWith("0");
          });
    }
  }

  @Test
  void writeThatIsInterruptedBeforeItsTurnIsProvenNotWritten() throws Exception {
    try (var connection = connect()) {
      connection.setAutoCommit(false);
      Thread.currentThread().interrupt();
      var failure = catchThrowable(() -> insert(connection, 1));
      assertThat(Thread.interrupted()).isTrue();

      assertThat(failure).hasFieldOrPropertyWithValue("SQLState", "HY008");
      assertThat(storage.provesNotWritten(failure)).isTrue();
      connection.commit();
    }
    assertThat(numbers()).isEmpty();
  }

  @Test
  void interruptedThreadDoesNotCloseTheDatabase() throws Exception {
    storage.close();
    PowerLossFilePath.unmount(directory.toString());
    storage = open("retry", "synced");
    try (var connection = connect()) {
      insert(connection, 1);
      connection.setAutoCommit(false);
      insert(connection, 2);
      Thread.currentThread().interrupt();
      connection.commit();
      var unused = Thread.interrupted();
      insert(connection, 3);
      connection.commit();
    }
    assertThat(numbers()).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void directoryInUseByAnotherProgramIsRefused() throws Exception {
    storage.close();
    storage = null;
    PowerLossFilePath.unmount(directory.toString());
    try (var other = DriverManager.getConnection("jdbc:h2:" + directory.resolve("millrace"))) {
      assertThat(other.isValid(1)).isTrue();
      assertRefused(Reason.IN_USE);
    }
    storage = open("retry", "synced");
  }

  @Test
  void unreadableFileIsRefusedAndLeftAsItIs() throws Exception {
    storage.close();
    storage = null;
    PowerLossFilePath.unmount(directory.toString());
    var file = directory.resolve("millrace.mv.db");
    var garbage = TestSystem.bytes(1, 50_000);
    Files.write(file, garbage);

    assertRefused(Reason.UNREADABLE);

    assertThat(Files.readAllBytes(file)).isEqualTo(garbage);
    try (var files = Files.list(directory)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("millrace.mv.db", "millrace.lock");
    }
  }

  private void assertRefused(Reason reason) {
    assertThatThrownBy(() -> open("retry", "synced"))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(directory.toString());
  }
}
