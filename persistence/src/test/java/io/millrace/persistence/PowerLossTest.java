package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageException;
import io.millrace.persistence.internal.StorageDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cuts the power of a machine on which several writers append, read and trim; or ends the process.
 */
@Tag("database")
class PowerLossTest {

  private static final int ROUNDS = Integer.getInteger("millrace.powerloss.rounds", 8);
  private static final long SEED =
      Long.getLong("millrace.powerloss.seed", System.nanoTime() & 0xffff);
  private static final int WRITERS = 4;
  private static final int LIVES = 4;
  private static final int KEPT = 12;

  /** How a life ends. */
  private enum End {
    /** What was forced is there, and of the rest whatever chance has it. */
    POWER_LOSS,
    /** All that was written is there, up to some moment. */
    PROCESS_END
  }

  @TempDir Path directory;

  @Test
  void whatWasConfirmedSurvivesWhenCommitsAreSynced() throws Exception {
    for (var round = 0; round < ROUNDS; round++) {
      var seed = SEED + round;
      var loss = lossOfRound(seed, "synced", End.POWER_LOSS);
      assertThat(loss).as("seed %d", seed).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"synced", "process"})
  void whatWasConfirmedSurvivesTheEndOfTheProcess(String durability) throws Exception {
    for (var round = 0; round < ROUNDS / 2; round++) {
      var seed = SEED + round;
      var loss = lossOfRound(seed, durability, End.PROCESS_END);
      assertThat(loss).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void whatWasConfirmedIsLostWhenCommitsAreNotSynced() throws Exception {
    var lossy = 0;
    for (var round = 0; round < 5; round++) {
      if (!lossOfRound(SEED + round, "process", End.POWER_LOSS).isEmpty()) {
        lossy++;
      }
    }
    assertThat(lossy).as("seed %d: this test must be able to fail", SEED).isPositive();
  }

  /**
   * What is missing, or wrong, after some power cuts in a row; nothing is as it should be. Now and
   * then the storage is closed in order before the power is cut.
   */
  private List<String> lossOfRound(long seed, String durability, End end) throws Exception {
    var chance = new Random(seed);
    var shards = new ArrayList<Shard>();
    for (var i = 0; i < WRITERS; i++) {
      shards.add(new Shard("shard|" + i, seed * 31 + i));
    }
    var losses = new ArrayList<String>();
    var survivor = new byte[0];
    for (var life = 0; life < LIVES && losses.isEmpty(); life++) {
      survivor = live(shards, survivor, durability, end, chance, losses);
    }
    if (losses.isEmpty()) {
      live(shards, survivor, durability, end, chance, losses);
    }
    return losses;
  }

  /** Opens what has survived, checks it, goes on until the power is cut. */
  private byte[] live(
      List<Shard> shards,
      byte[] content,
      String durability,
      End end,
      RandomGenerator chance,
      List<String> losses)
      throws Exception {
    var place = Files.createTempDirectory(directory, durability).toRealPath();
    if (content.length > 0) {
      Files.write(place.resolve("millrace.mv.db"), content);
    }
    var disk = new Disk(50_000, content);
    PowerLossFilePath.mount(place.toString(), disk);
    if (chance.nextInt(3) == 0) {
      disk.cutPowerAfter(1 + chance.nextInt(15));
    }
    try (var storage = open(PowerLossFilePath.SCHEME, place, durability)) {
      for (var shard : shards) {
        shard.check(storage, losses);
      }
      work(storage, shards, disk, chance);
      // Otherwise it is closed in order, or the power fails while it closes.
      switch (chance.nextInt(4)) {
        case 0 -> {}
        case 1 -> disk.cutPowerAfter(1 + chance.nextInt(15));
        default -> disk.cutPowerAfter(0);
      }
    } catch (StorageException | ExecutionException e) {
      if (!disk.isOff()) {
        losses.add("cannot be opened or read: " + e);
      }
    } finally {
      PowerLossFilePath.unmount(place.toString());
    }
    if (!losses.isEmpty()) {
      losses.add("see " + Files.write(Path.of("target", durability + ".mv.db"), content));
    }
    deleteAll(place);
    return end == End.POWER_LOSS ? disk.cutPower(chance) : disk.endProcess();
  }

  /** Appends and trims for a while, or until the power fails. */
  private static void work(Storage storage, List<Shard> shards, Disk disk, RandomGenerator chance)
      throws Exception {
    var writers = new ArrayList<Writer>();
    for (var shard : shards) {
      writers.add(new Writer(storage, shard, chance.nextLong()));
    }
    var goal = confirmed(shards) + 20 + chance.nextInt(200);
    writers.forEach(Thread::start);
    while (confirmed(shards) < goal && !disk.isOff()) {
      Thread.onSpinWait();
      for (var writer : writers) {
        if (writer.failure != null && !disk.isOff()) {
          throw new IllegalStateException("A writer fails with the power on", writer.failure);
        }
      }
    }
    if (chance.nextBoolean()) {
      disk.cutPowerAfter(1);
    }
    for (var writer : writers) {
      writer.mayStop = true;
      writer.join(60_000);
    }
  }

  private static long confirmed(List<Shard> shards) {
    return shards.stream().mapToLong(shard -> shard.confirmed.get()).sum();
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

  /** What is known about the events of one actor. */
  private static final class Shard {

    private final String persistenceId;
    private final long seed;
    private final AtomicLong confirmed = new AtomicLong();
    private volatile long trimmedBelow = 1;

    Shard(String persistenceId, long seed) {
      this.persistenceId = persistenceId;
      this.seed = seed;
    }

    byte[] event(long number) {
      var length = number % 7 == 0 ? 200_000 : (int) (number * 997 % 20_000);
      return TestSystem.bytes(seed + number, length);
    }

    /** What was not confirmed may be there too; then it counts from now on. */
    void check(Storage storage, List<String> losses) throws Exception {
      var rows =
          storage
              .pages()
              .read(persistenceId, trimmedBelow, Long.MAX_VALUE - 1, Integer.MAX_VALUE)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      var expected = trimmedBelow;
      for (var row : rows) {
        if (row.eventNumber() != expected) {
          losses.add(persistenceId + ": " + row.eventNumber() + " instead of " + expected);
        }
        if (!Arrays.equals(row.payload(), event(row.eventNumber()))) {
          losses.add(persistenceId + ": other bytes in " + row.eventNumber());
        }
        expected = row.eventNumber() + 1;
      }
      if (expected <= confirmed.get()) {
        losses.add(persistenceId + ": ends before " + expected + " of " + confirmed.get());
      }
      confirmed.set(expected - 1);
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
    private final Shard shard;
    private final RandomGenerator chance;
    private volatile boolean mayStop;
    private volatile Exception failure;

    Writer(Storage storage, Shard shard, long seed) {
      super(shard.persistenceId);
      this.storage = storage;
      this.shard = shard;
      chance = new Random(seed);
      setDaemon(true);
    }

    @Override
    public void run() {
      var source = new StorageDataSource();
      source.setStorage(PluginConfigTest.idOf(storage));
      try (var connection = source.getConnection()) {
        connection.setAutoCommit(false);
        for (var number = shard.confirmed.get() + 1; !mayStop; number++) {
          append(connection, number);
          shard.confirmed.set(number);
          if (number > shard.trimmedBelow + KEPT && chance.nextInt(4) == 0) {
            trim(number - KEPT);
          }
        }
      } catch (Exception e) {
        // As it should be, if the power has failed.
        failure = e;
      }
    }

    private void append(Connection connection, long number) throws SQLException {
      try (var insert = connection.prepareStatement(INSERT)) {
        insert.setString(1, shard.persistenceId);
        insert.setLong(2, number);
        insert.setBytes(3, shard.event(number));
        insert.executeUpdate();
      }
      connection.commit();
    }

    private void trim(long below) throws Exception {
      shard.trimmedBelow = below;
      storage
          .trimmer()
          .deleteEvents(shard.persistenceId, below, 100)
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    }
  }
}
