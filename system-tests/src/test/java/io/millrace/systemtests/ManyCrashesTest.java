package io.millrace.systemtests;

import io.millrace.systemtests.CrashRounds.Load;
import io.millrace.testkit.Seed;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same, many times: 20 rounds for each database, or as many as the system property {@code
 * millrace.crash.rounds} says.
 */
@Tag("crash")
class ManyCrashesTest extends CrashTest {

  @Override
  int rounds() {
    return Integer.getInteger("millrace.crash.rounds", 20);
  }

  @Test
  void postgresqlLosesNothingWhileTrimming(Seed seed) {
    postgresql("PostgreSQL, trimming", Load.TRIMMING, seed);
  }

  @Test
  void h2OfProcessDurabilityLosesNothingWhileTrimming(Seed seed) {
    h2("H2 process, trimming", "process", Load.TRIMMING, seed);
  }

  @Test
  void h2OfProcessDurabilityLosesNothingWhileResharding(Seed seed) {
    h2("H2 process, resharding", "process", Load.RESHARDING, seed);
  }
}
