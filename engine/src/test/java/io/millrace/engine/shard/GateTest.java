package io.millrace.engine.shard;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** What tests of a gate share: an actor system for all of them, and one shard for each. */
abstract class GateTest {

  static ActorTestKit kit;

  /** The shard under test, opened by the test; closed after it. */
  GateFixture shard;

  @BeforeAll
  static void startSystem() {
    kit = GateFixture.kit();
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @AfterEach
  void closeShard() {
    shard.close();
  }
}
