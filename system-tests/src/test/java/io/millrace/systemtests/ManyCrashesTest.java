package io.millrace.systemtests;

import org.junit.jupiter.api.Tag;

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
}
