package io.millrace.systemtests;

import io.millrace.systemtests.CrashRounds.Load;
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
    h2("H2 synced", "synced", Load.PUTS_ALONE, seed);
  }

  @Test
  void h2SyncedLosesNothingWhenShardsShareCommits(Seed seed) {
    new CrashRounds("H2 synced, shared commits", seed, Load.PUTS_ALONE)
        .run(rounds(), number -> h2(number, "synced").sharingCommits());
  }

  @Test
  @Tag("database")
  void postgresqlLosesNothingWhenShardsShareCommits(Seed seed) {
    try (PostgresServer server = PostgresServer.start(directory.resolve("postgres"))) {
      new CrashRounds("PostgreSQL, shared commits", seed, Load.PUTS_ALONE)
          .run(rounds(), number -> server.database("crash" + number).sharingCommits());
    }
  }

  @Test
  void h2SyncedLosesNothingWhileTrimming(Seed seed) {
    h2("H2 synced, trimming", "synced", Load.TRIMMING, seed);
  }

  @Test
  void h2OfProcessDurabilityLosesNothing(Seed seed) {
    h2("H2 process", "process", Load.PUTS_ALONE, seed);
  }

  @Test
  @Tag("database")
  void postgresqlLosesNothing(Seed seed) {
    postgresql("PostgreSQL", Load.PUTS_ALONE, seed);
  }

  @Test
  void h2SyncedLosesNothingWhileResharding(Seed seed) {
    h2("H2 synced, resharding", "synced", Load.RESHARDING, seed);
  }

  @Test
  @Tag("database")
  void postgresqlLosesNothingWhileResharding(Seed seed) {
    postgresql("PostgreSQL, resharding", Load.RESHARDING, seed);
  }

  @Test
  void h2SyncedStoresRepeatsOnce(Seed seed) {
    h2("H2 synced, repeating", "synced", Load.REPEATING, seed);
  }

  @Test
  @Tag("database")
  void postgresqlStoresRepeatsOnce(Seed seed) {
    postgresql("PostgreSQL, repeating", Load.REPEATING, seed);
  }

  void h2(String name, String durability, Load load, Seed seed) {
    new CrashRounds(name, seed, load).run(rounds(), number -> h2(number, durability));
  }

  private CrashDatabase h2(int number, String durability) {
    return CrashDatabase.h2(directory.resolve(Integer.toString(number)), durability);
  }

  void postgresql(String name, Load load, Seed seed) {
    try (PostgresServer server = PostgresServer.start(directory.resolve("postgres"))) {
      new CrashRounds(name, seed, load).run(rounds(), number -> server.database("crash" + number));
    }
  }
}
