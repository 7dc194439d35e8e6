package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.Millrace;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Storages that are taken, broken, full, or gone for a while. */
@Tag("process")
@ExtendWith(Seeds.class)
class StorageOutageTest {

  private static final String STREAM = "outage";

  /** Far smaller delays than the defaults, so that the service is soon there again. */
  private static final Config QUICK =
      ConfigFactory.parseString(
          """
          millrace.limits.mode = off
          millrace.streams.trim-interval = 1h
          millrace.shard.max-restart-backoff = 500ms
          millrace.storage.jdbc.connection-timeout = 1s
          millrace.storage.jdbc.circuit-breaker.reset-timeout = 500ms
          """);

  @TempDir Path directory;

  private Config h2() {
    return QUICK.withFallback(CrashDatabase.h2Settings(directory.resolve("engine"), "synced"));
  }

  private static Millrace openWithStream(Config config) {
    Millrace millrace = Millrace.open(config);
    Awaits.get(millrace.client().createStream(STREAM, 2));
    Awaits.get(millrace.awaitActive(STREAM));
    return millrace;
  }

  private static WriterScript script(Seed seed, WriterScript.Mix mix) {
    return new WriterScript(seed.random("script").nextLong(), mix);
  }

  // taken

  @Test
  void directoryOfAnotherProcessIsRefusedUntilThatProcessEnds() {
    refusedWhileAnotherProcessHasIt(h2(), directory.resolve("engine").toString());
  }

  @Test
  @Tag("database")
  void schemaOfAnotherProcessIsRefusedUntilThatProcessEnds() {
    try (PostgresServer server = PostgresServer.start(directory.resolve("postgres"))) {
      refusedWhileAnotherProcessHasIt(QUICK.withFallback(server.settings("taken")), "taken");
    }
  }

  private static void refusedWhileAnotherProcessHasIt(Config config, String namedInMessage) {
    CrashWriter.Settings settings =
        new CrashWriter.Settings(
            config, new WriterScript(1, WriterScript.Mix.SMALL), 0, 1, 0, 1, false, Repeats.OFF);
    try (ChildJvm child =
        ChildJvm.of(CrashWriter.class).arguments(settings.toArguments()).start()) {
      child.awaitLine(line -> line.startsWith("A "), Awaits.PATIENCE);

      assertThatThrownBy(() -> Millrace.open(config))
          .isInstanceOfSatisfying(
              StorageException.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.IN_USE))
          .hasMessageContaining(namedInMessage);

      child.awaitLine(line -> line.startsWith("A "), Awaits.PATIENCE);
    }
    Awaits.await(
        "the storage of a process that was killed",
        () -> {
          Millrace.open(config).close();
          return true;
        });
  }

  // broken

  @Test
  void fileThatIsNoDatabaseIsRefusedAndLeftAlone(Seed seed) throws IOException {
    byte[] garbage = new byte[100_000];
    seed.random("garbage").nextBytes(garbage);
    Path file = databaseFile();
    Files.createDirectories(file.getParent());
    Files.write(file, garbage);

    refusedAsUnreadable(file, garbage);
  }

  @Test
  void databaseWhoseHeadersAndChunksAreOverwrittenIsRefusedAndLeftAlone(Seed seed)
      throws IOException {
    try (Millrace millrace = openWithStream(h2());
        Producers producers =
            Producers.start(millrace.client(), STREAM, script(seed, WriterScript.Mix.SMALL), 2)) {
      producers.awaitAcknowledged("at all", 20);
    }
    Path file = databaseFile();
    overwrite(file, seed.random("garbage"));

    refusedAsUnreadable(file, Files.readAllBytes(file));
  }

  private Path databaseFile() {
    return directory.resolve("engine").resolve("millrace.mv.db");
  }

  /** The first bytes of each block: headers of the file and of all its chunks. */
  private static void overwrite(Path file, Random random) throws IOException {
    byte[] garbage = new byte[256];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long position = 0; position < channel.size(); position += 4096) {
        random.nextBytes(garbage);
        channel.write(ByteBuffer.wrap(garbage), position);
      }
    }
  }

  private void refusedAsUnreadable(Path file, byte[] before) throws IOException {
    assertThatThrownBy(() -> Millrace.open(h2()))
        .isInstanceOfSatisfying(
            StorageException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNREADABLE))
        .hasMessageContaining(file.getFileName().toString());
    assertThat(Arrays.equals(Files.readAllBytes(file), before)).as("left as it was").isTrue();
  }

  // full

  @Test
  @SuppressWarnings("SystemOut") // the count, for whoever runs the tests
  void fullDiskLosesNothingAndPutsGoOnWhenThereIsSpaceAgain(Seed seed) throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=48m", "millrace-test", disk.toString()),
        "a file system that can be filled may not be mounted here");
    try {
      Config config =
          QUICK.withFallback(CrashDatabase.h2Settings(disk.resolve("engine"), "synced"));
      Path ballast = disk.resolve("ballast");
      Files.write(ballast, new byte[36 << 20]);
      Producers producers;
      try (Millrace millrace = openWithStream(config)) {
        producers =
            Producers.start(millrace.client(), STREAM, script(seed, WriterScript.Mix.SMALL), 4);
        try (producers) {
          producers.awaitFailed("on a full disk", 20 + seed.random("failures").nextInt(1500));
          int acknowledged = producers.acknowledged();
          Files.delete(ballast);
          producers.awaitAcknowledged("when there is space again", 200);
          System.out.printf(
              "full disk: %d records acknowledged before and %d after, failures %s%n",
              acknowledged, producers.acknowledged() - acknowledged, producers.failures());
        }
        producers.verify(millrace);
      }
      assertThat(producers.failures().keySet()).isSubsetOf(Outcome.NOT_WRITTEN, Outcome.UNKNOWN);
      try (Millrace millrace = Millrace.open(config)) {
        producers.verify(millrace);
      }
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException notThere) {
      return false;
    }
    process.getInputStream().readAllBytes();
    return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0;
  }

  // gone for a while

  @Test
  @Tag("database")
  @SuppressWarnings("SystemOut") // the count, for whoever runs the tests
  void databaseServerThatGoesAwayAndComesBackLosesNothing(Seed seed) {
    try (PostgresServer server = PostgresServer.start(directory.resolve("postgres"))) {
      Config config = QUICK.withFallback(server.settings("outage"));
      Producers producers;
      try (Millrace millrace = openWithStream(config)) {
        producers =
            Producers.start(millrace.client(), STREAM, script(seed, WriterScript.Mix.SMALL), 4);
        try (producers) {
          producers.awaitAcknowledged("to begin with", 100);
          server.stop();
          producers.awaitFailed("while the server is stopped", 20);
          server.start();
          producers.awaitAcknowledged("when the server is back", 100);
          server.kill();
          producers.awaitFailed("while the server is killed", 20);
          server.start();
          producers.awaitAcknowledged("when the killed server is back", 100);
        }
        producers.verify(millrace);
      }
      System.out.printf(
          "server away: %d records acknowledged, failures %s%n",
          producers.acknowledged(), producers.failures());
      assertThat(producers.failures().keySet()).isSubsetOf(Outcome.NOT_WRITTEN, Outcome.UNKNOWN);
      try (Millrace millrace = Millrace.open(config)) {
        producers.verify(millrace);
      }
    }
  }
}
