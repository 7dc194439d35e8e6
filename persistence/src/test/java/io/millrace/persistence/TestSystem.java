package io.millrace.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;
import io.millrace.persistence.TestActor.Command;
import java.time.Duration;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;

/** An actor system in which {@link TestActor}s live on a storage. */
final class TestSystem implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Config CONFIG =
      ConfigFactory.parseString(
          """
          pekko.actor.serialization-bindings { "java.lang.String" = primitive-string }
          pekko.actor.allow-java-serialization = off
          pekko.log-dead-letters = off
          pekko.persistence.max-concurrent-recoveries = 8
          """);

  private final ActorTestKit kit = ActorTestKit.create(CONFIG.withFallback(ConfigFactory.load()));
  private final Storage storage;

  TestSystem(Storage storage) {
    this.storage = storage;
  }

  ActorTestKit kit() {
    return kit;
  }

  ActorRef<Command> actor(String persistenceId) {
    return kit.spawn(TestActor.create(persistenceId, storage.plugin()));
  }

  /** Persists an event and answers with the state after it. */
  String append(ActorRef<Command> actor, byte[] event) {
    TestProbe<String> probe = kit.createTestProbe(String.class);
    actor.tell(new TestActor.Append(event, probe.getRef()));
    return probe.receiveMessage(PATIENCE);
  }

  String state(ActorRef<Command> actor) {
    TestProbe<String> probe = kit.createTestProbe(String.class);
    actor.tell(new TestActor.Ask(probe.getRef()));
    return probe.receiveMessage(PATIENCE);
  }

  void stop(ActorRef<Command> actor) {
    kit.stop(actor, PATIENCE);
  }

  /** Incompressible, and the same for the same seed. */
  static byte[] bytes(long seed, int length) {
    var bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
  }
}
