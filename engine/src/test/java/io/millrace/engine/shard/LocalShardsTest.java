package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardMessage.Erase;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.LocateLatest;
import io.millrace.engine.shard.ShardMessage.Open;
import io.millrace.engine.tail.WindowBudget;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalShardsTest {

  private static final int ROUNDS = 300;
  private static final int LATECOMERS = 20;

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = GateFixture.kit();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void whoComesWhileAShardEndsIsAnswered() {
    InMemoryStore store = InMemoryStore.fresh();
    ShardEnvironment environment =
        new ShardEnvironment(
            store.open(),
            GateFixture.UNLIMITED,
            new WindowBudget(1 << 20),
            new FakeKeyStore().dataKeys(new ManualClock()),
            new ManualClock());
    ActorRef<LocalShards.Command> shards = kit.spawn(LocalShards.create(environment));
    TestProbe<Object> probe = kit.createTestProbe();
    for (int round = 0; round < ROUNDS; round++) {
      ShardAddress shard = new ShardAddress(new StreamName("orders"), 1, new ShardId(round));
      shards.tell(
          new LocalShards.Deliver(
              shard, new Open(1, 1000, HashKeyRange.FULL, Payload.EMPTY, probe.getRef().narrow())));
      assertThat(probe.receiveMessage()).isEqualTo(new ShardMessage.Opened());
      shards.tell(new LocalShards.Deliver(shard, new Erase(probe.getRef().narrow())));
      assertThat(probe.receiveMessage()).isEqualTo(new ShardMessage.Erased());
      // The gate is on its way out.
      for (int i = 0; i < LATECOMERS; i++) {
        shards.tell(new LocalShards.Deliver(shard, new LocateLatest(probe.getRef().narrow())));
      }
      List<Object> answers = probe.receiveSeveralMessages(LATECOMERS);
      assertThat(answers)
          .allSatisfy(
              answer -> assertThat(((Failed) answer).kind()).isEqualTo(Failed.Kind.NOT_THERE));
    }
    kit.stop(shards);
    store.forget();
  }
}
