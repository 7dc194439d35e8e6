package io.millrace.systemtests;

import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A process that puts is killed at random moments, a few times for each database. */
@Tag("process")
@ExtendWith(Seeds.class)
class CrashTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  int rounds() {
    return 3;
  }

  @Test
  void h2SyncedLosesNothing(Seed seed) {
    h2("H2 synced", "synced", false, seed);
  }

  @Test
  void h2SyncedLosesNothingWhileTrimming(Seed seed) {
    h2("H2 synced, trimming", "synced", true, seed);
  }

  @Test
  void h2OfProcessDurabilityLosesNothing(Seed seed) {
    h2("H2 process", "process", false, seed);
  }

  @Test
  @Tag("database")
  void postgresqlLosesNothing(Seed seed) {
    postgresql("PostgreSQL", false, seed);
  }

  void h2(String name, String durability, boolean trims, Seed seed) {
    new CrashRounds(name, seed, trims)
        .run(
            rounds(),
            number -> CrashDatabase.h2(directory.resolve(Integer.toString(number)), durability));
  }

  void postgresql(String name, boolean trims, Seed seed) {
    try (PostgresServer server = PostgresServer.start(directory.resolve("postgres"))) {
      new CrashRounds(name, seed, trims).run(rounds(), number -> server.database("crash" + number));
    }
  }
}
