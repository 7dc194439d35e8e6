package io.millrace.engine.coordinator;

import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Seeds.class)
class CoordinatorSimulationTest {

  private static final int RUNS = 10_000;

  @Test
  void keepsItsPromisesWhateverGoesWrong(Seed seed) {
    for (int run = 0; run < RUNS; run++) {
      long chosen = seed.value() + run;
      try {
        new CoordinatorSimulation(chosen).run();
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("run with seed " + chosen + ": " + failure.getMessage(), failure);
      }
    }
  }
}
