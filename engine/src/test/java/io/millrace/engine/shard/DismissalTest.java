package io.millrace.engine.shard;

import static io.millrace.engine.shard.GateFixture.get;
import static io.millrace.engine.shard.ShardGateWriteTest.assertFailed;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.shard.ShardMessage.EraseReply;
import io.millrace.engine.shard.ShardMessage.Erased;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.Open;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.ReadReply;
import io.millrace.engine.testing.InMemoryStore.Hold;
import io.millrace.engine.testing.StorageStep;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nobody waits in vain for a shard that has come to its end. */
class DismissalTest {

  private static final ShardSettings LIMITED =
      GateFixture.limited(new ShardLimits(1 << 30, 1_000_000, 2 << 20, 5));

  private static ActorTestKit kit;

  @BeforeAll
  static void startSystem() {
    kit = GateFixture.kit();
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  /** One message of each kind that wants an answer. */
  private static List<ShardMessage> messages(ActorRef<Object> replyTo) {
    return List.of(
        new Open(1, 1000, HashKeyRange.FULL, Payload.EMPTY, replyTo.narrow()),
        new Put(
            List.of(GateFixture.entry("a"), GateFixture.entry("b")),
            false,
            GateFixture.MEBIBYTE,
            OptionalLong.of(1),
            replyTo.narrow()),
        new Read(0, 10, 1000, GateFixture.RETENTION, true, replyTo.narrow()),
        new ShardMessage.LocateLatest(replyTo.narrow()),
        new ShardMessage.LocateTime(1, replyTo.narrow()),
        new ShardMessage.AttachTail(replyTo.narrow()),
        new ShardMessage.Trim(GateFixture.RETENTION, replyTo.narrow()),
        new ShardMessage.Close(replyTo.narrow()),
        new ShardMessage.ReportTraffic(replyTo.narrow()),
        new ShardMessage.Erase(replyTo.narrow()));
  }

  private static void assertDismissed(Object reply, Failed.Kind kind) {
    if (reply instanceof PutDone done) {
      assertThat(done.outcomes()).hasSize(2).hasOnlyElementsOfType(NotWritten.class);
    } else {
      assertFailed(reply, kind);
    }
  }

  @Test
  void everyKindOfMessageIsAnswered() {
    TestProbe<Object> probe = kit.createTestProbe();
    List<ShardMessage> messages = messages(probe.getRef());
    Set<Class<?>> kinds =
        Arrays.stream(ShardMessage.class.getPermittedSubclasses())
            .filter(kind -> kind != ShardMessage.Internal.class)
            .flatMap(
                kind ->
                    kind.isSealed()
                        ? Arrays.stream(kind.getPermittedSubclasses())
                        : Stream.of(kind))
            .collect(Collectors.toSet());
    assertThat(messages).extracting(Object::getClass).containsExactlyInAnyOrderElementsOf(kinds);

    for (ShardMessage message : messages) {
      Dismissal.CLOSING.answer(message);
      assertDismissed(probe.receiveMessage(), Failed.Kind.UNAVAILABLE);
    }
  }

  @Test
  void shardThatIsErasedBeforeItHasRecoveredAnswersWhoWaitsForThat() {
    dismissedWhileRecovering(
        shard -> get(shard.askToErase()).equals(new Erased()), Failed.Kind.NOT_THERE);
  }

  @Test
  void shardThatIsDrainedBeforeItHasRecoveredAnswersWhoWaitsForThat() {
    dismissedWhileRecovering(
        shard -> {
          shard.gate().tell(ShardGate.Drain.NOW);
          return true;
        },
        Failed.Kind.UNAVAILABLE);
  }

  private static void dismissedWhileRecovering(
      Function<GateFixture, Boolean> end, Failed.Kind kind) {
    try (GateFixture shard = new GateFixture(kit).open()) {
      shard.kill();
      Hold hold = shard.store.hold(StorageStep.LOAD_SNAPSHOT);
      shard.start();
      hold.awaitReached();
      TestProbe<Object> probe = kit.createTestProbe();
      List<ShardMessage> waiting =
          messages(probe.getRef()).stream()
              .filter(message -> !(message instanceof ShardMessage.Erase))
              // Answered at once, whatever the shard is doing.
              .filter(message -> !(message instanceof ShardMessage.ReportTraffic))
              .toList();
      waiting.forEach(shard.gate()::tell);

      assertThat(end.apply(shard)).isTrue();

      for (Object reply : probe.receiveSeveralMessages(waiting.size())) {
        assertDismissed(reply, kind);
      }
      hold.release();
    }
  }

  @Test
  void erasedShardAnswersReadsThatWaitForAnother() {
    try (GateFixture shard = new GateFixture(kit, LIMITED, 0).open()) {
      shard.store("a");
      Hold hold = shard.store.hold(StorageStep.PAGE);
      CompletableFuture<ReadReply> served = shard.askToRead(0, 10, 1000, true);
      hold.awaitReached();
      CompletableFuture<ReadReply> waiting = shard.askToRead(0, 10, 1000, true);

      CompletableFuture<EraseReply> erased = shard.askToErase();

      assertThat(get(erased)).isEqualTo(new Erased());
      assertFailed(get(waiting), Failed.Kind.NOT_THERE);
      hold.release();
      assertFailed(get(served), Failed.Kind.NOT_THERE);
    }
  }

  @Test
  void erasedShardAnswersWhoTrimsIt() {
    try (GateFixture shard = new GateFixture(kit).open()) {
      shard.store("a");
      shard.clock.advance(Duration.ofMillis(GateFixture.RETENTION));
      Hold hold = shard.store.hold(StorageStep.WRITE);
      CompletableFuture<ShardMessage.TrimReply> trimmed = shard.askToTrim();
      hold.awaitReached();

      assertThat(get(shard.askToErase())).isEqualTo(new Erased());

      assertFailed(get(trimmed), Failed.Kind.NOT_THERE);
      hold.release();
    }
  }

  @Test
  void shardsOfAnEngineThatClosesRefuseWhatComesLater() {
    try (GateFixture shard = new GateFixture(kit).open()) {
      shard.kill();
      ActorRef<LocalShards.Command> shards =
          kit.spawn(
              LocalShards.create(
                  new ShardEnvironment(
                      shard.storage,
                      GateFixture.UNLIMITED,
                      shard.windows,
                      shard.keyStore.dataKeys(shard.clock),
                      shard.clock)));
      Hold hold = shard.store.hold(StorageStep.WRITE);
      TestProbe<Object> writing = kit.createTestProbe();
      shards.tell(
          new LocalShards.Deliver(
              shard.address,
              new Put(
                  List.of(GateFixture.entry("a")),
                  false,
                  GateFixture.MEBIBYTE,
                  OptionalLong.empty(),
                  writing.getRef().narrow())));
      hold.awaitReached();
      TestProbe<LocalShards.Drained> drained = kit.createTestProbe();
      shards.tell(new LocalShards.Drain(drained.getRef()));

      TestProbe<Object> late = kit.createTestProbe();
      for (ShardMessage message : messages(late.getRef())) {
        shards.tell(new LocalShards.Deliver(shard.address, message));
        assertDismissed(late.receiveMessage(), Failed.Kind.UNAVAILABLE);
      }

      hold.release();
      assertThat(writing.receiveMessage()).isInstanceOf(PutDone.class);
      drained.receiveMessage();
    }
  }
}
