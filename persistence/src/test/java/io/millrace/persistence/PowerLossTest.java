package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;
import io.millrace.persistence.internal.StorageDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cuts the power of a machine on which several writers append, read and trim. */
@Tag("database")
class PowerLossTest {

  private static final int ROUNDS = Integer.getInteger("millrace.powerloss.rounds", 15);
  private static final long SEED =
      Long.getLong("millrace.powerloss.seed", System.nanoTime() & 0xffff);
  private static final int WRITERS = 4;
  private static final int KEPT = 12;

  @TempDir Path directory;

  @Test
  void whatWasConfirmedSurvivesWhenCommitsAreSynced() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var seed = SEED + round;
      var loss = lossOfRound(seed, "synced");
      assertThat(loss).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void whatWasConfirmedIsLostWhenCommitsAreNotSynced() throws Exception {
    var lossy = 0;
    for (var round = 0; round < 5; round++) {
      if (!lossOfRound(SEED + round, "process").isEmpty()) {
        lossy++;
      }
    }
    assertThat(lossy).as("seed %d: this test must be able to fail", SEED).isPositive();
  }

  /** What is missing, or wrong, after one power cut; nothing is as it should be. */
  private List<String> lossOfRound(long seed, String durability) throws Exception {
    var chance = new Random(seed);
    var before = Files.createDirectories(directory.resolve(durability + seed)).toRealPath();
    var after = Files.createDirectories(directory.resolve(durability + seed + "-after"));
    var disk = new Disk(50_000);
    PowerLossFilePath.mount(before.toString(), disk);
    byte[] survivor;
    var writers = new ArrayList<Writer>();
    try (var storage = open(PowerLossFilePath.SCHEME, before, durability)) {
      for (var i = 0; i < WRITERS; i++) {
        writers.add(new Writer(storage, "shard|" + i, seed * 31 + i));
      }
      writers.forEach(Thread::start);
      var goal = 40 + chance.nextInt(400);
      while (writers.stream().mapToLong(writer -> writer.confirmed.get()).sum() < goal) {
        Thread.onSpinWait();
        assertThat(writers).allMatch(Thread::isAlive);
      }
      survivor = disk.cutPower(chance);
      for (var writer : writers) {
        writer.join(60_000);
      }
    } finally {
      PowerLossFilePath.unmount(before.toString());
    }
    Files.write(after.resolve("millrace.mv.db"), survivor);
    var losses = missing(after, durability, writers);
    deleteAll(before);
    if (losses.isEmpty()) {
      deleteAll(after);
    }
    return losses;
  }

  private static List<String> missing(Path after, String durability, List<Writer> writers) {
    var losses = new ArrayList<String>();
    try (var storage = open("retry", after, durability)) {
      for (var writer : writers) {
        writer.check(storage, losses);
      }
    } catch (Exception e) {
      losses.add("cannot be opened or read: " + e);
    }
    return losses;
  }

  private static Storage open(String fileSystem, Path directory, String durability) {
    return new JdbcStorageProvider(fileSystem)
        .open(
            ConfigFactory.parseString(
                    "millrace.storage.jdbc { durability = "
                        + durability
                        + ", connection-timeout = 1s, h2.housekeeping-interval = 5 ms }")
                .withFallback(H2Fixture.in(directory))
                .withFallback(ConfigFactory.load())
                .getConfig("millrace"));
  }

  private static void deleteAll(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  /** Appends events and trims them, until something fails. */
  private static final class Writer extends Thread {

    private static final String INSERT =
        """
        INSERT INTO "event_journal" ("persistence_id", "sequence_number", "writer",
          "write_timestamp", "adapter_manifest", "event_payload", "event_ser_id",
          "event_ser_manifest") VALUES (?, ?, 'w', 0, '', ?, 1, '')""";

    private final Storage storage;
    private final String persistenceId;
    private final long seed;
    private final RandomGenerator chance;
    private final AtomicLong confirmed = new AtomicLong();
    private volatile long trimmedBelow = 1;

    Writer(Storage storage, String persistenceId, long seed) {
      super(persistenceId);
      this.storage = storage;
      this.persistenceId = persistenceId;
      this.seed = seed;
      chance = new Random(seed);
      setDaemon(true);
    }

    private byte[] event(long number) {
      var length = number % 7 == 0 ? 200_000 : (int) (number * 997 % 20_000);
      return TestSystem.bytes(seed + number, length);
    }

    @Override
    public void run() {
      var source = new StorageDataSource();
      var plugin = storage.plugin();
      source.setStorage(
          plugin
              .journalConfig()
              .getConfig(plugin.journalId())
              .getString("slick.db.properties.storage"));
      try (var connection = source.getConnection()) {
        connection.setAutoCommit(false);
        for (var number = 1L; ; number++) {
          append(connection, number);
          confirmed.set(number);
          if (number > KEPT && chance.nextInt(4) == 0) {
            trimmedBelow = number - KEPT;
            storage
                .trimmer()
                .deleteEvents(persistenceId, trimmedBelow, 100)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
          }
        }
      } catch (Exception e) {
        // The power has failed.
      }
    }

    private void append(Connection connection, long number) throws SQLException {
      try (var insert = connection.prepareStatement(INSERT)) {
        insert.setString(1, persistenceId);
        insert.setLong(2, number);
        insert.setBytes(3, event(number));
        insert.executeUpdate();
      }
      connection.commit();
    }

    void check(Storage reopened, List<String> losses) throws Exception {
      var rows =
          reopened
              .pages()
              .read(persistenceId, trimmedBelow, Long.MAX_VALUE - 1, Integer.MAX_VALUE)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      var expected = trimmedBelow;
      for (var row : rows) {
        if (row.eventNumber() != expected) {
          losses.add(persistenceId + ": " + row.eventNumber() + " instead of " + expected);
        }
        if (!java.util.Arrays.equals(row.payload(), event(row.eventNumber()))) {
          losses.add(persistenceId + ": other bytes in " + row.eventNumber());
        }
        expected = row.eventNumber() + 1;
      }
      if (expected <= confirmed.get()) {
        losses.add(persistenceId + ": ends before " + expected + " of " + confirmed.get());
      }
    }
  }
}
