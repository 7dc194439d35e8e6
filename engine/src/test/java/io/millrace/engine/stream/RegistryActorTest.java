package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.RegistryCommand.Ready;
import io.millrace.engine.stream.RegistryEvent.StreamErased;
import io.millrace.engine.stream.RegistryEvent.StreamForgotten;
import io.millrace.engine.stream.RegistryEvent.StreamNamed;
import io.millrace.engine.stream.StreamReply.Done;
import io.millrace.engine.stream.StreamReply.Kind;
import io.millrace.engine.stream.StreamReply.Refused;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.ProcessingSuccess;
import org.apache.pekko.persistence.testkit.WriteEvents;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryActorTest {

  private static final StreamName ORDERS = new StreamName("orders");
  private static final StreamName PAYMENTS = new StreamName("payments");
  private static final StreamParameters ONE_SHARD = StreamParameters.provisioned(1);
  private static ActorTestKit testKit;
  private static PersistenceTestKit journal;
  private static SnapshotTestKit snapshots;

  private final TestProbe<StreamReply> replies = testKit.createTestProbe(StreamReply.class);
  private StreamTestBed bed;
  private ActorRef<RegistryCommand> registry;

  @BeforeAll
  static void start() {
    testKit = ActorTestKit.create(StreamTestBed.config());
    journal = PersistenceTestKit.create(testKit.system());
    snapshots = SnapshotTestKit.create(testKit.system());
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  @BeforeEach
  void found() {
    journal.clearAll();
    snapshots.clearAll();
    launch();
  }

  @AfterEach
  void stopRegistry() {
    journal.resetPolicy();
    testKit.stop(registry);
  }

  @Test
  void foundsTheEngineOnceAndKeepsItsIdentityAndSecret() {
    Ready ready = awaitReady();
    assertThat(ready.tokenSecret().size()).isEqualTo(32);
    assertThat(ready.engineId()).hasSize(36);

    crash();

    assertThat(awaitReady()).isEqualTo(ready);
    assertThat(events()).hasSize(1);
  }

  @Test
  void createsAStreamThatCanBeSeenWhenItAnswers() {
    awaitReady();
    create(ORDERS, ONE_SHARD);

    assertThat(replies.receiveMessage()).isEqualTo(new Done());

    assertThat(status(ORDERS)).isEqualTo(StreamStatus.CREATING);
    bed.open();
    awaitStatus(ORDERS, StreamStatus.ACTIVE);
    assertThat(events()).endsWith(new StreamNamed(ORDERS, 1, ONE_SHARD));
  }

  @Test
  void refusesANameThatIsTakenInAnyStatus() {
    awaitReady();
    create(ORDERS, ONE_SHARD);
    assertThat(replies.receiveMessage()).isEqualTo(new Done());

    create(ORDERS, ONE_SHARD);
    assertRefused(Kind.RESOURCE_IN_USE);
    bed.open();
    awaitStatus(ORDERS, StreamStatus.ACTIVE);
    create(ORDERS, ONE_SHARD);
    assertRefused(Kind.RESOURCE_IN_USE);
  }

  @Test
  void letsAtMostFiveStreamsBeCreatedAtOnce() {
    awaitReady();
    IntStream.range(0, 5).forEach(i -> create(new StreamName("s" + i), ONE_SHARD));
    IntStream.range(0, 5).forEach(i -> replies.expectMessage(new Done()));

    create(ORDERS, ONE_SHARD);
    assertRefused(Kind.THROTTLED);

    StreamName opened = bed.open().stream();
    awaitStatus(opened, StreamStatus.ACTIVE);
    // Whoever sees one ACTIVE may create the next at once.
    create(ORDERS, ONE_SHARD);
    replies.expectMessage(new Done());
  }

  @Test
  void forgetsADeletedStreamAndErasesItsEventsAndGivesItsNameAway() {
    awaitReady();
    createActive(ORDERS);

    delete(ORDERS);
    awaitGone(ORDERS);

    replies.awaitAssert(
        () ->
            assertThat(events())
                .endsWith(new StreamForgotten(ORDERS, 1), new StreamErased(ORDERS, 1)));
    assertThat(bed.trimmer.erased).containsExactly("stream|orders~1", "stream|orders~1");
    createActive(ORDERS);
    assertThat(bed.views.find(ORDERS).orElseThrow().incarnation()).isEqualTo(2);
  }

  @Test
  void erasesAgainWhenTheStorageFailed() {
    bed.trimmer.failures = 2;
    awaitReady();
    createActive(ORDERS);

    delete(ORDERS);

    replies.awaitAssert(() -> assertThat(events()).endsWith(new StreamErased(ORDERS, 1)));
  }

  @Test
  void finishesErasingAfterACrash() {
    awaitReady();
    createActive(ORDERS);
    bed.trimmer.failures = Integer.MAX_VALUE;
    delete(ORDERS);
    awaitGone(ORDERS);

    crash();

    replies.awaitAssert(() -> assertThat(events()).endsWith(new StreamErased(ORDERS, 1)));
    assertThat(bed.views.all()).isEmpty();
  }

  @Test
  void hidesAForgottenStreamThatIsStillShownWhenItRecovers() {
    awaitReady();
    createActive(ORDERS);
    StreamView shown = bed.views.find(ORDERS).orElseThrow();
    bed.trimmer.failures = Integer.MAX_VALUE;
    delete(ORDERS);
    awaitGone(ORDERS);
    testKit.stop(registry);
    bed.views.publish(shown);

    registry = testKit.spawn(RegistryActor.create(bed.around, new SecureRandom()));

    awaitReady();
    assertThat(bed.views.all()).isEmpty();
  }

  @Test
  void forgetsAStreamThatWasGoneBeforeACrash() {
    awaitReady();
    createActive(ORDERS);
    journal.failNextNOpsCond(
        (persistenceId, operation) ->
            persistenceId.equals(RegistryActor.PERSISTENCE_ID) && operation instanceof WriteEvents,
        1);
    delete(ORDERS);

    awaitGone(ORDERS);
    replies.awaitAssert(() -> assertThat(events()).endsWith(new StreamErased(ORDERS, 1)));
  }

  @Test
  void isReadyOnlyWhenEveryStreamCanBeSeenAgain() {
    awaitReady();
    createActive(ORDERS);
    createActive(new StreamName("payments"));

    crash();
    awaitReady();

    assertThat(bed.views.all())
        .extracting(view -> view.name().value())
        .containsExactly("orders", "payments");
  }

  @Test
  void startsAStreamThatWasOnlyNamedBeforeACrash() {
    awaitReady();
    journal.failNextNPersisted("stream|orders~1", 1);
    create(ORDERS, ONE_SHARD);
    assertRefused(Kind.UNKNOWN);

    crash();

    awaitReady();
    bed.open();
    awaitStatus(ORDERS, StreamStatus.ACTIVE);
  }

  @Test
  void saysUnknownWhenANameCannotBeWrittenAndRecovers() {
    awaitReady();
    journal.failNextPersisted(RegistryActor.PERSISTENCE_ID);
    create(ORDERS, ONE_SHARD);

    assertRefused(Kind.UNKNOWN);

    awaitReady();
    createActive(ORDERS);
  }

  @Test
  void handsRequestsToTheirStream() {
    awaitReady();
    createActive(ORDERS);

    registry.tell(
        new RegistryCommand.ForStream(
            ORDERS, new StreamCommand.IncreaseRetention(48, replies.ref())));

    replies.expectMessage(new Done());
    assertThat(bed.views.find(ORDERS).orElseThrow().retentionHours()).isEqualTo(48);
  }

  @Test
  void refusesRequestsToStreamsThatDoNotExist() {
    awaitReady();
    registry.tell(
        new RegistryCommand.ForStream(
            ORDERS, new StreamCommand.DeleteStream(false, replies.ref())));

    assertRefused(Kind.RESOURCE_NOT_FOUND);
  }

  @Test
  void keepsEverythingAcrossSnapshots() {
    awaitReady();
    for (int i = 0; i < 4; i++) {
      createActive(new StreamName("s" + i));
    }
    delete(new StreamName("s0"));
    replies.awaitAssert(
        () -> assertThat(events()).endsWith(new StreamErased(new StreamName("s0"), 1)));

    crash();
    awaitReady();

    assertThat(bed.views.all())
        .extracting(view -> view.name() + "~" + view.incarnation())
        .containsExactly("s1~2", "s2~3", "s3~4");
  }

  @Test
  void tellsHowMuchTheAccountHas() {
    awaitReady();
    TestProbe<AccountUse> uses = testKit.createTestProbe(AccountUse.class);
    create(new StreamName("fixed"), StreamParameters.provisioned(3));
    create(new StreamName("managed"), StreamParameters.onDemand());
    replies.expectMessage(new Done());
    replies.expectMessage(new Done());

    registry.tell(new RegistryCommand.DescribeAccount(uses.ref()));

    uses.expectMessage(new AccountUse(2, 3, 1, new StreamSettings.Quotas(5, 20_000, 50)));
  }

  @Test
  void lendsRoomToOneStreamAtATime() {
    launchTwoStreamsWithRoomForOneSplit();

    split(ORDERS);
    split(PAYMENTS);

    assertOneDoneAndOneRefusal();
  }

  @Test
  void lendsNoRoomTwiceWhenTheBorrowerSaysMeanwhileHowItStood() {
    launchTwoStreamsWithRoomForOneSplit();
    TestProbe<StreamReply> others = testKit.createTestProbe(StreamReply.class);

    // How it stands after each of these is said before it decides about the split.
    for (int hours = 25; hours < 35; hours++) {
      registry.tell(
          new RegistryCommand.ForStream(
              ORDERS, new StreamCommand.IncreaseRetention(hours, others.ref())));
    }
    split(ORDERS);
    split(PAYMENTS);

    assertOneDoneAndOneRefusal();
  }

  @Test
  void takesRoomBackFromWhoIsRefused() {
    launchTwoStreamsWithRoomForOneSplit();

    registry.tell(
        new RegistryCommand.ForStream(
            ORDERS,
            new StreamCommand.SplitShard(
                new ShardId(7), HashKeyRange.FULL.midpoint(), Room.NONE, replies.ref())));
    assertRefused(Kind.RESOURCE_NOT_FOUND);
    split(PAYMENTS);

    replies.expectMessage(new Done());
  }

  @Test
  void takesRoomBackFromWhoCannotWrite() {
    launchTwoStreamsWithRoomForOneSplit();
    journal.failNextPersisted("stream|orders~1");

    split(ORDERS);
    assertRefused(Kind.UNKNOWN);
    split(PAYMENTS);

    replies.expectMessage(new Done());
  }

  @Test
  void takesRoomBackFromWhoIsGone() {
    launchTwoStreamsWithRoomForOneSplit();
    delete(ORDERS);

    split(ORDERS);
    Refused refused = (Refused) replies.receiveMessage();
    assertThat(refused.kind()).isIn(Kind.RESOURCE_IN_USE, Kind.RESOURCE_NOT_FOUND);
    split(PAYMENTS);

    replies.expectMessage(new Done());
  }

  @Test
  void createsNoStreamOutOfRoomThatIsLent() {
    launchTwoStreamsWithRoomForOneSplit();
    CountDownLatch writes = holdWritesOf("stream|orders~1");
    split(ORDERS);
    create(new StreamName("late"), ONE_SHARD);
    replies.expectNoMessage(Duration.ofMillis(50));

    writes.countDown();

    assertOneDoneAndOneRefusal();
  }

  @Test
  void throttlesWhenTooManyWaitForRoom() {
    launchTwoStreamsWithRoomForOneSplit();
    TestProbe<StreamReply> waiting = testKit.createTestProbe(StreamReply.class);
    CountDownLatch writes = holdWritesOf("stream|orders~1");
    split(ORDERS);
    for (int i = 0; i < RoomLender.MAX_WAITING; i++) {
      split(PAYMENTS, waiting);
    }

    split(PAYMENTS);

    assertRefused(Kind.THROTTLED);
    waiting.expectNoMessage(Duration.ZERO);
    writes.countDown();
    replies.expectMessage(new Done());
    assertThat(waiting.receiveSeveralMessages(RoomLender.MAX_WAITING))
        .allMatch(
            reply -> reply instanceof Refused refused && refused.kind() == Kind.LIMIT_EXCEEDED);
  }

  /** Four shards of five. */
  private void launchTwoStreamsWithRoomForOneSplit() {
    testKit.stop(registry);
    journal.clearAll();
    bed =
        new StreamTestBed(
            testKit,
            streams -> ConfigFactory.parseString("max-open-shards = 5").withFallback(streams));
    registry = testKit.spawn(RegistryActor.create(bed.around, new SecureRandom()));
    awaitReady();
    createActive(ORDERS);
    createActive(PAYMENTS);
    create(new StreamName("others"), StreamParameters.provisioned(2));
    replies.expectMessage(new Done());
    bed.open();
    bed.open();
    awaitStatus(new StreamName("others"), StreamStatus.ACTIVE);
  }

  private void split(StreamName name) {
    split(name, replies);
  }

  private void split(StreamName name, TestProbe<StreamReply> probe) {
    registry.tell(
        new RegistryCommand.ForStream(
            name,
            new StreamCommand.SplitShard(
                new ShardId(0), HashKeyRange.FULL.midpoint(), Room.NONE, probe.ref())));
  }

  private void assertOneDoneAndOneRefusal() {
    assertThat(replies.receiveSeveralMessages(2))
        .satisfiesExactlyInAnyOrder(
            reply -> assertThat(reply).isEqualTo(new Done()),
            reply ->
                assertThat(reply)
                    .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.kind()).isEqualTo(Kind.LIMIT_EXCEEDED)));
  }

  /** Writes of this actor, and of all who write behind it, wait until the latch is open. */
  private CountDownLatch holdWritesOf(String persistenceId) {
    CountDownLatch open = new CountDownLatch(1);
    journal.withPolicy(
        (id, operation) -> {
          if (id.equals(persistenceId) && operation instanceof WriteEvents) {
            await(open);
          }
          return ProcessingSuccess.getInstance();
        });
    return open;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void showsTheCommitmentBeforeItAnswersAndAfterACrash() {
    awaitReady();
    commit(true);
    Commitment started = Commitment.startedAt(StreamTestBed.NOW);
    assertThat(bed.views.commitment()).isEqualTo(started);
    commit(false);
    Commitment ending = started.endingAt(StreamTestBed.NOW + Commitment.SHORTEST.toMillis());
    assertThat(bed.views.commitment()).isEqualTo(ending);

    crash();
    awaitReady();

    assertThat(bed.views.commitment()).isEqualTo(ending);
  }

  private void commit(boolean isWanted) {
    registry.tell(new RegistryCommand.ChangeCommitment(isWanted, replies.ref()));
    replies.expectMessage(new Done());
  }

  @Test
  void handlesEveryCommand() {
    awaitReady();
    TestProbe<Ready> ready = testKit.createTestProbe(Ready.class);
    TestProbe<AccountUse> uses = testKit.createTestProbe(AccountUse.class);
    TestProbe<StreamCommand> stopped = testKit.createTestProbe(StreamCommand.class);
    Remains remains = new Remains(ORDERS, 9);
    List<RegistryCommand> examples =
        List.of(
            new RegistryCommand.AwaitReady(ready.ref()),
            new RegistryCommand.CreateStream(ORDERS, ONE_SHARD, replies.ref()),
            new RegistryCommand.ForStream(
                new StreamName("none"), new StreamCommand.DeleteStream(false, replies.ref())),
            new RegistryCommand.Found(),
            new RegistryCommand.StreamStands(
                ORDERS,
                9,
                new RegistryState.Standing(9, StreamStatus.ACTIVE, StreamMode.PROVISIONED, 1),
                0),
            new RegistryCommand.StreamShown(ORDERS, 9),
            new RegistryCommand.StreamGone(ORDERS, 9),
            new RegistryCommand.StreamStopped(ORDERS, 9, stopped.ref()),
            new RegistryCommand.EraseRemains(remains),
            new RegistryCommand.RemainsErased(remains),
            new RegistryCommand.EraseFailed(remains, "disk full"),
            new RegistryCommand.ChangeCommitment(true, replies.ref()),
            new RegistryCommand.DescribeAccount(uses.ref()));
    assertThat(examples)
        .<Class<?>>extracting(Object::getClass)
        .containsAll(StreamActorTest.leaves(RegistryCommand.class));
    var unhandled = testKit.createUnhandledMessageProbe();

    examples.forEach(registry::tell);
    uses.receiveMessage();

    unhandled.expectNoMessage(Duration.ZERO);
  }

  private void launch() {
    bed = new StreamTestBed(testKit);
    registry = testKit.spawn(RegistryActor.create(bed.around, new SecureRandom()));
  }

  /** Stops everything as a crash would, and starts a process that knows nothing. */
  private void crash() {
    testKit.stop(registry);
    launch();
  }

  private Ready awaitReady() {
    TestProbe<Ready> ready = testKit.createTestProbe(Ready.class);
    registry.tell(new RegistryCommand.AwaitReady(ready.ref()));
    return ready.receiveMessage();
  }

  private void create(StreamName name, StreamParameters parameters) {
    registry.tell(new RegistryCommand.CreateStream(name, parameters, replies.ref()));
  }

  private void createActive(StreamName name) {
    create(name, ONE_SHARD);
    replies.expectMessage(new Done());
    assertThat(bed.open().stream()).isEqualTo(name);
    awaitStatus(name, StreamStatus.ACTIVE);
  }

  private void delete(StreamName name) {
    registry.tell(
        new RegistryCommand.ForStream(name, new StreamCommand.DeleteStream(false, replies.ref())));
    replies.expectMessage(new Done());
    assertThat(bed.erase().stream()).isEqualTo(name);
  }

  private void assertRefused(Kind kind) {
    assertThat(replies.receiveMessage())
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.kind()).isEqualTo(kind));
  }

  private StreamStatus status(StreamName name) {
    return bed.views.find(name).orElseThrow().status();
  }

  private void awaitStatus(StreamName name, StreamStatus status) {
    replies.awaitAssert(() -> assertThat(status(name)).isEqualTo(status));
  }

  private void awaitGone(StreamName name) {
    replies.awaitAssert(() -> assertThat(bed.views.find(name)).isEmpty());
  }

  private static List<Object> events() {
    return journal.persistedInStorage(RegistryActor.PERSISTENCE_ID);
  }
}
