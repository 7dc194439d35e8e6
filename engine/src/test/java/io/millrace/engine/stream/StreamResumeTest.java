package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.stream.StreamReply.Done;
import io.millrace.engine.stream.StreamTestBed.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.concurrent.duration.FiniteDuration;

/** A stream is stopped at each step of its procedures, and finishes them when it starts again. */
class StreamResumeTest {

  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final ConsumerName AUDIT = new ConsumerName("audit");
  private static ActorTestKit testKit;
  private static PersistenceTestKit journal;

  private final StreamName name = new StreamName("resumed-" + NAMES.incrementAndGet());
  private final String persistenceId = "stream|" + name + "~1";
  private final TestProbe<StreamReply> replies = testKit.createTestProbe(StreamReply.class);
  private TestProbe<RegistryCommand> registry = testKit.createTestProbe(RegistryCommand.class);
  private StreamTestBed bed = new StreamTestBed(testKit);
  private ActorRef<StreamCommand> stream;

  @BeforeAll
  static void start() {
    testKit = ActorTestKit.create(StreamTestBed.config());
    journal = PersistenceTestKit.create(testKit.system());
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  @Test
  void beginsByItselfWhenItWasOnlyNamed() {
    launch(2);

    openAll(2);

    expectStanding(StreamStatus.ACTIVE);
    assertThat(view().shards()).hasSize(2);
  }

  @Test
  void answersOnceItCanBeSeenAndAgainWhenAsked() {
    launch(1);

    stream.tell(new StreamCommand.Begin(Optional.of(replies.ref())));
    replies.expectMessage(new Done());

    assertThat(view().status()).isEqualTo(StreamStatus.CREATING);
    assertThat(view().shards()).isEmpty();
    stream.tell(new StreamCommand.Begin(Optional.of(replies.ref())));
    replies.expectMessage(new Done());
  }

  @Test
  void opensEveryShardAgainWhenItStoppedBetweenTwoOfThem() {
    launch(3);
    bed.open();

    crash();

    assertThat(view().status()).isEqualTo(StreamStatus.CREATING);
    openAll(3);
    expectStanding(StreamStatus.ACTIVE);
  }

  @Test
  void opensTheShardsAgainWhenActivationCouldNotBeWritten() {
    launch(1);
    expectStanding(StreamStatus.CREATING);
    journal.failNextPersisted(persistenceId);
    bed.open();

    openAll(1);

    expectStanding(StreamStatus.ACTIVE);
  }

  @Test
  void beginsAgainWhenItsFirstEventCouldNotBeWritten() {
    journal.failNextPersisted(persistenceId);
    launch(1);

    openAll(1);

    expectStanding(StreamStatus.ACTIVE);
  }

  @Test
  void isActiveAtOnceWhenItStoppedAfterActivation() {
    launchActive(2);

    crash();

    expectStanding(StreamStatus.ACTIVE);
    assertThat(view().status()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(view().shards()).hasSize(2);
  }

  @Test
  void erasesEveryShardAgainWhenItStoppedBetweenTwoOfThem() {
    launchActive(3);
    stream.tell(new StreamCommand.DeleteStream(false, replies.ref()));
    replies.expectMessage(new Done());
    bed.erase();

    crash();

    assertThat(view().status()).isEqualTo(StreamStatus.DELETING);
    eraseAll(3);
    expectGone();
  }

  @Test
  void erasesTheShardsAgainWhenTheEndCouldNotBeWritten() {
    launchActive(1);
    stream.tell(new StreamCommand.DeleteStream(false, replies.ref()));
    replies.expectMessage(new Done());
    journal.failNextPersisted(persistenceId);
    bed.erase();

    eraseAll(1);

    expectGone();
  }

  @Test
  void reportsAgainThatItIsGone() {
    launchActive(1);
    stream.tell(new StreamCommand.DeleteStream(false, replies.ref()));
    eraseAll(1);
    expectGone();

    crash();

    expectGone();
    assertThat(view().status()).isEqualTo(StreamStatus.DELETING);
  }

  @Test
  void saysUnknownWhenTheStorageRejectsAndGoesOnAfterwards() {
    launchActive(1);
    journal.rejectNextPersisted(persistenceId);

    stream.tell(new StreamCommand.IncreaseRetention(48, replies.ref()));

    assertThat(replies.receiveMessage())
        .isInstanceOfSatisfying(
            StreamReply.Refused.class,
            refused -> assertThat(refused.kind()).isEqualTo(StreamReply.Kind.UNKNOWN));
    expectStanding(StreamStatus.ACTIVE);
    stream.tell(new StreamCommand.IncreaseRetention(48, replies.ref()));
    replies.expectMessage(new Done());
    assertThat(view().retentionHours()).isEqualTo(48);
  }

  @Test
  void saysUnavailableWhenTheStorageWasCertainlyNotReached() {
    launchActive(1);
    journal.failNextPersisted(
        persistenceId, new CircuitBreakerOpenException(FiniteDuration.Zero(), "open"));

    stream.tell(new StreamCommand.IncreaseRetention(48, replies.ref()));

    assertThat(replies.receiveMessage())
        .isInstanceOfSatisfying(
            StreamReply.Refused.class,
            refused -> assertThat(refused.kind()).isEqualTo(StreamReply.Kind.UNAVAILABLE));
    expectStanding(StreamStatus.ACTIVE);
    assertThat(view().retentionHours()).isEqualTo(24);
  }

  @Test
  void asksAShardAgainUntilItOpens() {
    launch(1);
    for (int i = 0; i < 4; i++) {
      ((ShardMessage.Open) bed.shards.receiveMessage().message())
          .replyTo()
          .tell(new Failed(Failed.Kind.UNAVAILABLE, "recovering"));
    }

    openAll(1);

    expectStanding(StreamStatus.ACTIVE);
  }

  @Test
  void asksAShardAgainThatDoesNotAnswer() {
    bed = new StreamTestBed(testKit, overlay("shard-answer-timeout = 20ms"));
    launch(1);
    bed.shards.receiveMessage();

    openAll(1);

    expectStanding(StreamStatus.ACTIVE);
  }

  @Test
  void takesAShardThatIsNotThereForErased() {
    launchActive(1);
    stream.tell(new StreamCommand.DeleteStream(false, replies.ref()));

    ((ShardMessage.Erase) bed.shards.receiveMessage().message())
        .replyTo()
        .tell(new Failed(Failed.Kind.NOT_THERE, "never opened"));

    expectGone();
  }

  @Test
  void opensABoundedNumberOfShardsAtOnce() {
    bed = new StreamTestBed(testKit, overlay("open-parallelism = 2"));
    launch(5);
    List<Told> underWay = new ArrayList<>();
    underWay.add(bed.shards.receiveMessage());
    underWay.add(bed.shards.receiveMessage());
    bed.shards.expectNoMessage(Duration.ofMillis(50));

    for (int answered = 0; answered < 5; answered++) {
      ((ShardMessage.Open) underWay.remove(0).message()).replyTo().tell(new ShardMessage.Opened());
      if (answered < 3) {
        underWay.add(bed.shards.receiveMessage());
      }
    }

    expectStanding(StreamStatus.ACTIVE);
  }

  @Test
  void staysCreatingForTheConfiguredDelay() {
    bed = new StreamTestBed(testKit, overlay("creating-delay = 1h"));
    launch(1);
    expectStanding(StreamStatus.CREATING);
    // Refused, after the stream has begun to wait.
    stream.tell(new StreamCommand.IncreaseRetention(48, replies.ref()));
    replies.expectMessageClass(StreamReply.Refused.class);

    // The delay is over for whoever starts later.
    bed.now.addAndGet(Duration.ofHours(1).toMillis());
    crash(bed);

    openAll(1);
    expectStanding(StreamStatus.ACTIVE);
  }

  @Test
  void trimsEveryShardInEveryRoundThoughSomeFail() {
    bed = new StreamTestBed(testKit, overlay("trim-interval = 20ms\ntrim-parallelism = 1"));
    launchActive(3);

    for (int round = 0; round < 2; round++) {
      Set<Integer> trimmed = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        Told told = bed.shards.receiveMessage();
        ShardMessage.Trim trim = (ShardMessage.Trim) told.message();
        assertThat(trim.retentionMillis()).isEqualTo(Duration.ofHours(24).toMillis());
        trimmed.add(told.shard().shardId().index());
        trim.replyTo()
            .tell(
                i == 1
                    ? new Failed(Failed.Kind.CORRUPT, "bad checksum")
                    : new ShardMessage.Trimmed(5));
      }
      assertThat(trimmed).containsExactlyInAnyOrder(0, 1, 2);
    }
  }

  @Test
  void aConsumerArrivesThoughTheStreamStoppedOnTheWay() {
    bed = new StreamTestBed(testKit, overlay("consumer-delay = 1h"));
    launchActive(1);
    stream.tell(new StreamCommand.RegisterConsumer(AUDIT, Map.of(), replies.ref()));
    ConsumerView registered = replies.expectMessageClass(StreamReply.Registered.class).consumer();
    assertThat(registered.status()).isEqualTo(ConsumerStatus.CREATING);
    assertThat(view().consumers()).containsExactly(registered);

    crash(new StreamTestBed(testKit));

    awaitConsumers(ConsumerStatus.ACTIVE);
    assertThat(view().consumers()).extracting(ConsumerView::arn).containsExactly(registered.arn());
  }

  @Test
  void aConsumerGoesThoughTheStreamStoppedOnTheWay() {
    bed = new StreamTestBed(testKit, overlay("consumer-delay = 1h"));
    launchActive(1);
    stream.tell(new StreamCommand.RegisterConsumer(AUDIT, Map.of(), replies.ref()));
    long createdMillis =
        replies.expectMessageClass(StreamReply.Registered.class).consumer().createdMillis();
    stream.tell(new StreamCommand.DeregisterConsumer(AUDIT, createdMillis, replies.ref()));
    replies.expectMessage(new Done());
    awaitConsumers(ConsumerStatus.DELETING);

    crash(new StreamTestBed(testKit));

    awaitConsumers();
  }

  @Test
  void aConsumerArrivesThoughThatCouldNotBeWrittenAtFirst() {
    // A consumer is on its way for so long that the write which fails is that of its arrival.
    bed = new StreamTestBed(testKit, overlay("consumer-delay = 200ms"));
    launchActive(1);
    stream.tell(new StreamCommand.RegisterConsumer(AUDIT, Map.of(), replies.ref()));
    replies.expectMessageClass(StreamReply.Registered.class);
    journal.failNextPersisted(persistenceId);

    awaitConsumers(ConsumerStatus.ACTIVE);
  }

  private void awaitConsumers(ConsumerStatus... statuses) {
    registry.awaitAssert(
        () ->
            assertThat(view().consumers())
                .extracting(ConsumerView::status)
                .containsExactly(statuses));
  }

  private void launch(int shards) {
    stream =
        testKit.spawn(
            StreamActor.create(
                bed.around,
                new NamedStream(name, 1, StreamParameters.provisioned(shards)),
                registry.ref()));
  }

  private void launchActive(int shards) {
    launch(shards);
    openAll(shards);
    expectStanding(StreamStatus.ACTIVE);
  }

  /** Stops the stream as a crash would, and starts it in a process that knows nothing. */
  private void crash() {
    crash(new StreamTestBed(testKit));
  }

  private void crash(StreamTestBed next) {
    testKit.stop(stream);
    bed = next;
    registry = testKit.createTestProbe(RegistryCommand.class);
    // What it is to be created with no longer matters.
    launch(9);
    registry.awaitAssert(() -> assertThat(bed.views.find(name)).isPresent());
  }

  private void openAll(int shards) {
    Set<Integer> opened = new HashSet<>();
    for (int i = 0; i < shards; i++) {
      opened.add(bed.open().shardId().index());
    }
    assertThat(opened).hasSize(shards);
  }

  private void eraseAll(int shards) {
    Set<Integer> erased = new HashSet<>();
    for (int i = 0; i < shards; i++) {
      erased.add(bed.erase().shardId().index());
    }
    assertThat(erased).hasSize(shards);
  }

  private void expectStanding(StreamStatus status) {
    while (!(registry.receiveMessage() instanceof RegistryCommand.StreamStands stands
        && stands.standing().status() == status)) {
      // Earlier standings.
    }
    registry.expectMessage(new RegistryCommand.StreamShown(name, 1));
  }

  private void expectGone() {
    while (!registry.receiveMessage().equals(new RegistryCommand.StreamGone(name, 1))) {
      // Earlier standings.
    }
  }

  private StreamView view() {
    return bed.views.find(name).orElseThrow();
  }

  private static Function<Config, Config> overlay(String settings) {
    return streams -> ConfigFactory.parseString(settings).withFallback(streams);
  }
}
