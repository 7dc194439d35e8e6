package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.stream.StreamCommand.ReshardAdvanced.Stage;
import io.millrace.engine.stream.StreamEvent.DeletionStarted;
import io.millrace.engine.stream.StreamEvent.MaxRecordSizeChanged;
import io.millrace.engine.stream.StreamEvent.MonitoringChanged;
import io.millrace.engine.stream.StreamEvent.RetentionChanged;
import io.millrace.engine.stream.StreamEvent.StreamActivated;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import io.millrace.engine.stream.StreamEvent.StreamDeleted;
import io.millrace.engine.stream.StreamReply.Done;
import io.millrace.engine.stream.StreamReply.Kind;
import io.millrace.engine.stream.StreamReply.Refused;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamActorTest {

  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final StreamName ORDERS = new StreamName("orders");
  private static ActorTestKit testKit;

  private StreamTestBed bed;
  private TestProbe<RegistryCommand> registry;
  private EventSourcedBehaviorTestKit<StreamCommand, StreamEvent, StreamState> stream;

  @BeforeAll
  static void start() {
    testKit =
        ActorTestKit.create(
            EventSourcedBehaviorTestKit.config().withFallback(StreamTestBed.config()));
  }

  @AfterAll
  static void stop() {
    testKit.shutdownTestKit();
  }

  @BeforeEach
  void createActiveStream() {
    bed = new StreamTestBed(testKit);
    registry = testKit.createTestProbe(RegistryCommand.class);
    stream =
        EventSourcedBehaviorTestKit.create(
            testKit.system(),
            StreamActor.create(
                bed.around,
                new NamedStream(ORDERS, 7, StreamParameters.provisioned(2)),
                registry.ref()),
            EventSourcedBehaviorTestKit.enabledSerializationSettings()
                .withVerifyEquality(true)
                .withVerifyCommands(false));
    expectStanding(StreamStatus.CREATING, 2);
    bed.open();
    bed.open();
    expectStanding(StreamStatus.ACTIVE, 2);
  }

  @Test
  void opensEveryShardBeforeItIsActive() {
    List<HashKeyRange> halves = HashKeyRange.uniform(2);
    assertThat(stream.persistenceTestKit().persistedInStorage("stream|orders~7"))
        .containsExactly(
            new StreamCreated(
                StreamMode.PROVISIONED,
                StreamTestBed.NOW,
                StreamTestBed.NOW / 1000,
                halves,
                24,
                1024),
            new StreamActivated());
    StreamView view = view();
    assertThat(view.status()).isEqualTo(StreamStatus.ACTIVE);
    assertThat(view.incarnation()).isEqualTo(7);
    assertThat(view.arn()).isEqualTo("arn:aws:kinesis:us-east-1:000000000000:stream/orders");
    assertThat(view.maxRecordBytes()).isEqualTo(1 << 20);
    assertThat(view.createdMillis()).isEqualTo(StreamTestBed.NOW);
    assertThat(view.shards()).extracting(ShardView::range).isEqualTo(halves);
  }

  @Test
  void lengthensRetentionAndShowsItBeforeItAnswers() {
    CommandResultWithReply<StreamCommand, StreamEvent, StreamState, StreamReply> result =
        run(replyTo -> new StreamCommand.IncreaseRetention(48, replyTo));

    assertThat(result.reply()).isEqualTo(new Done());
    assertThat(result.event()).isEqualTo(new RetentionChanged(48, StreamTestBed.NOW));
    assertThat(view().retentionHours()).isEqualTo(48);
  }

  @Test
  void dropsWhatAShorterRetentionExpiresAtOnce() {
    run(replyTo -> new StreamCommand.IncreaseRetention(48, replyTo));

    run(replyTo -> new StreamCommand.DecreaseRetention(24, replyTo));

    assertThat(bed.shards.receiveMessage().message())
        .isInstanceOfSatisfying(
            ShardMessage.Trim.class,
            trim -> assertThat(trim.retentionMillis()).isEqualTo(24 * HOUR));
  }

  @Test
  void neverShowsAgainWhatAShorterRetentionDropped() {
    run(replyTo -> new StreamCommand.IncreaseRetention(48, replyTo));
    run(replyTo -> new StreamCommand.DecreaseRetention(25, replyTo));
    bed.now.addAndGet(2 * HOUR);

    run(replyTo -> new StreamCommand.IncreaseRetention(100, replyTo));

    long now = bed.now.get();
    assertThat(view().retentionMillis(now)).isEqualTo(25 * HOUR);
    assertThat(view().retentionMillis(now + 80 * HOUR)).isEqualTo(100 * HOUR);
  }

  @Test
  void acceptsThePresentRetentionWithoutAnEvent() {
    assertNothingHappens(replyTo -> new StreamCommand.IncreaseRetention(24, replyTo));
    assertNothingHappens(replyTo -> new StreamCommand.DecreaseRetention(24, replyTo));
    assertNothingHappens(replyTo -> new StreamCommand.ChangeMaxRecordSize(1024, replyTo));
  }

  @Test
  void refusesBadValues() {
    run(replyTo -> new StreamCommand.IncreaseRetention(48, replyTo));

    assertRefused(
        Kind.INVALID_ARGUMENT, replyTo -> new StreamCommand.IncreaseRetention(47, replyTo));
    assertRefused(
        Kind.INVALID_ARGUMENT, replyTo -> new StreamCommand.DecreaseRetention(49, replyTo));
    assertRefused(
        Kind.INVALID_ARGUMENT, replyTo -> new StreamCommand.IncreaseRetention(8761, replyTo));
    assertRefused(
        Kind.INVALID_ARGUMENT, replyTo -> new StreamCommand.DecreaseRetention(23, replyTo));
    assertRefused(Kind.VALIDATION, replyTo -> new StreamCommand.ChangeMaxRecordSize(1023, replyTo));
    assertRefused(
        Kind.VALIDATION, replyTo -> new StreamCommand.ChangeMaxRecordSize(10_241, replyTo));
  }

  @Test
  void changesTheLargestRecord() {
    assertThat(run(replyTo -> new StreamCommand.ChangeMaxRecordSize(2048, replyTo)).event())
        .isEqualTo(new MaxRecordSizeChanged(2048));
    assertThat(view().maxRecordBytes()).isEqualTo(2 << 20);
  }

  @Test
  void switchesWhatIsCountedOfShardsOnceAndForGood() {
    Set<MetricsName> wanted = Set.of(MetricsName.INCOMING_BYTES, MetricsName.OUTGOING_BYTES);
    assertThat(
            run(replyTo -> new StreamCommand.ChangeMonitoring(wanted, false, replyTo))
                .hasNoEvents())
        .isTrue();
    assertThat(run(replyTo -> new StreamCommand.ChangeMonitoring(wanted, true, replyTo)).event())
        .isEqualTo(new MonitoringChanged(wanted));
    var again =
        run(
            replyTo ->
                new StreamCommand.ChangeMonitoring(
                    Set.of(MetricsName.OUTGOING_BYTES), true, replyTo));
    assertThat(again.hasNoEvents()).isTrue();
    assertThat(again.reply()).isEqualTo(new StreamReply.Monitored(wanted, wanted));
    assertThat(view().shardLevelMetrics()).isEqualTo(wanted);
    StreamState before = stream.getState();
    assertThat(stream.restart().state()).isEqualTo(before);
  }

  @Test
  void showsTagsBeforeItAnswers() {
    AttachmentChange change =
        new AttachmentChange.AddTags(Optional.empty(), Map.of("team", "mill"));

    assertThat(run(replyTo -> new StreamCommand.ChangeAttachments(change, replyTo)).event())
        .isEqualTo(new StreamEvent.TagsAdded(Optional.empty(), Map.of("team", "mill")));
    assertThat(view().attachments().stream().tags()).isEqualTo(Map.of("team", "mill"));
    assertNothingHappens(replyTo -> new StreamCommand.ChangeAttachments(change, replyTo));
  }

  @Test
  void erasesItsShardsAndReportsThatItIsGone() {
    assertThat(run(replyTo -> new StreamCommand.DeleteStream(false, replyTo)).event())
        .isEqualTo(new DeletionStarted());
    assertThat(view().status()).isEqualTo(StreamStatus.DELETING);
    assertThat(view().shards()).hasSize(2);
    expectStanding(StreamStatus.DELETING, 2);

    assertThat(List.of(bed.erase().persistenceId(), bed.erase().persistenceId()))
        .containsExactlyInAnyOrder("shard|orders~7~0", "shard|orders~7~1");

    expectStanding(StreamStatus.DELETING, 0);
    registry.expectMessage(new RegistryCommand.StreamGone(ORDERS, 7));
    // Repeated until the registry has forgotten it.
    registry.expectMessage(new RegistryCommand.StreamGone(ORDERS, 7));
    assertThat(stream.persistenceTestKit().persistedInStorage("stream|orders~7"))
        .endsWith(new DeletionStarted(), new StreamDeleted());
  }

  @Test
  void refusesEverythingWhileItIsDeleted() {
    run(replyTo -> new StreamCommand.DeleteStream(false, replyTo));

    assertRefused(Kind.RESOURCE_IN_USE, replyTo -> new StreamCommand.DeleteStream(false, replyTo));
    assertRefused(
        Kind.RESOURCE_IN_USE, replyTo -> new StreamCommand.IncreaseRetention(48, replyTo));
    assertRefused(
        Kind.RESOURCE_IN_USE, replyTo -> new StreamCommand.ChangeMaxRecordSize(2048, replyTo));
  }

  @Test
  void keepsItsSettingsAcrossARestartAndASnapshot() {
    IntStream.rangeClosed(25, 32)
        .forEach(hours -> run(replyTo -> new StreamCommand.IncreaseRetention(hours, replyTo)));
    StreamState before = stream.getState();

    assertThat(stream.restart().state()).isEqualTo(before);
    assertThat(view().retentionHours()).isEqualTo(32);
  }

  @Test
  void saysUnknownWhenTheStorageFailsAndGoesOnAfterwards() {
    stream.persistenceTestKit().failNextPersisted("stream|orders~7");

    StreamReply reply = ask(replyTo -> new StreamCommand.IncreaseRetention(48, replyTo));

    assertThat(reply)
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.UNKNOWN));
    assertThat(view().retentionHours()).isEqualTo(24);
    expectStanding(StreamStatus.ACTIVE, 2);
    assertThat(run(replyTo -> new StreamCommand.IncreaseRetention(48, replyTo)).reply())
        .isEqualTo(new Done());
  }

  @Test
  void warmsUpInTheSameWriteThatMakesItOnDemand() {
    bed.views.publish(Commitment.startedAt(StreamTestBed.NOW));

    var result =
        run(
            replyTo ->
                new StreamCommand.ChangeMode(StreamMode.ON_DEMAND, 6, new Room(0, 1, 1), replyTo));

    assertThat(result.reply()).isEqualTo(new Done());
    assertThat(result.events())
        .<Class<?>>extracting(Object::getClass)
        .containsExactly(
            StreamEvent.ModeChanged.class,
            StreamEvent.WarmThroughputChanged.class,
            StreamEvent.ReshardStarted.class);
    assertThat(view().status()).isEqualTo(StreamStatus.UPDATING);
    assertThat(view().warmMiBps()).isEqualTo(6);
    assertRefused(
        Kind.RESOURCE_IN_USE, replyTo -> new StreamCommand.UpdateWarmThroughput(7, replyTo));
    assertThat(stream.restart().state()).isEqualTo(result.state());
  }

  @Test
  void showsAConsumerBeforeItAnswersAndKeepsItAcrossARestart() {
    var registered =
        run(
            replyTo ->
                new StreamCommand.RegisterConsumer(new ConsumerName("audit"), Map.of(), replyTo));

    ConsumerView consumer =
        new ConsumerView(
            new ConsumerName("audit"),
            "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/audit:1700000000",
            ConsumerStatus.CREATING,
            StreamTestBed.NOW);
    assertThat(registered.reply()).isEqualTo(new StreamReply.Registered(consumer));
    assertThat(registered.events())
        .startsWith(
            new StreamEvent.ConsumerRegistered(new ConsumerName("audit"), StreamTestBed.NOW));
    assertThat(view().consumers()).extracting(ConsumerView::arn).containsExactly(consumer.arn());
    registry.awaitAssert(
        () ->
            assertThat(view().consumers())
                .extracting(ConsumerView::status)
                .containsExactly(ConsumerStatus.ACTIVE));
    assertRefused(Kind.RESOURCE_IN_USE, replyTo -> new StreamCommand.DeleteStream(false, replyTo));
    StreamState before = stream.getState();
    assertThat(stream.restart().state()).isEqualTo(before);
    assertThat(view().consumers()).hasSize(1);
  }

  @Test
  void handlesEveryCommand() {
    TestProbe<StreamReply> replies = testKit.createTestProbe(StreamReply.class);
    Map<Class<?>, StreamCommand> examples = new LinkedHashMap<>();
    for (StreamCommand command :
        List.of(
            new StreamCommand.IncreaseRetention(48, replies.ref()),
            new StreamCommand.DecreaseRetention(24, replies.ref()),
            new StreamCommand.ChangeMaxRecordSize(2048, replies.ref()),
            new StreamCommand.ChangeMonitoring(
                Set.of(MetricsName.INCOMING_BYTES), true, replies.ref()),
            new StreamCommand.StartEncryption(KeyId.DEFAULT, replies.ref()),
            new StreamCommand.StopEncryption(KeyId.DEFAULT, StreamTestBed.ACCOUNT, replies.ref()),
            new StreamCommand.ChangeAttachments(
                new AttachmentChange.PutPolicy(Optional.empty(), "{}"), replies.ref()),
            new StreamCommand.ChangeDistribution(
                RecordDistributionStrategy.USER_PARTITION_KEY, replies.ref()),
            new StreamCommand.Begin(Optional.of(replies.ref())),
            new StreamCommand.OpenShards(),
            new StreamCommand.ShardsOpened(),
            new StreamCommand.TrimShards(),
            new StreamCommand.TrimRoundDone(0, 1),
            new StreamCommand.ExpiredFreed(List.of(new ShardId(0))),
            new StreamCommand.SplitShard(new ShardId(9), HashKey.MIN, Room.NONE, replies.ref()),
            new StreamCommand.MergeShards(new ShardId(8), new ShardId(9), Room.NONE, replies.ref()),
            new StreamCommand.UpdateShardCount(2, Room.NONE, replies.ref()),
            new StreamCommand.ChangeMode(StreamMode.PROVISIONED, 0, Room.NONE, replies.ref()),
            new StreamCommand.UpdateWarmThroughput(8, replies.ref()),
            new StreamCommand.ReshardAdvanced(0, Stage.READY, 0, Map.of()),
            new StreamCommand.ObserveTraffic(),
            new StreamCommand.TrafficObserved(List.of()),
            new StreamCommand.DecideCapacity(),
            new StreamCommand.RegisterConsumer(new ConsumerName("audit"), Map.of(), replies.ref()),
            new StreamCommand.DeregisterConsumer(new ConsumerName("ship"), 0, replies.ref()),
            new StreamCommand.ConsumerArrives(
                new RegisteredConsumer(new ConsumerName("ship"), 0, ConsumerStatus.CREATING)),
            new StreamCommand.ReportGone(),
            new StreamCommand.DeleteStream(true, replies.ref()),
            new StreamCommand.ShardsErased())) {
      examples.put(command.getClass(), command);
    }
    assertThat(examples.keySet()).containsAll(leaves(StreamCommand.class));
    var unhandled = testKit.createUnhandledMessageProbe();

    examples.values().forEach(stream::runCommand);

    unhandled.expectNoMessage(Duration.ZERO);
  }

  static List<Class<?>> leaves(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(type -> type.isSealed() ? leaves(type).stream() : java.util.stream.Stream.of(type))
        .toList();
  }

  /** Asks without waiting for the reply before the state: the actor restarts in between. */
  private StreamReply ask(Function<ActorRef<StreamReply>, StreamCommand> command) {
    TestProbe<StreamReply> replies = testKit.createTestProbe(StreamReply.class);
    stream.runCommand(command.apply(replies.ref()));
    return replies.receiveMessage();
  }

  private CommandResultWithReply<StreamCommand, StreamEvent, StreamState, StreamReply> run(
      Function<ActorRef<StreamReply>, StreamCommand> command) {
    return stream.runCommand(command);
  }

  private void assertNothingHappens(Function<ActorRef<StreamReply>, StreamCommand> command) {
    var result = run(command);
    assertThat(result.reply()).isEqualTo(new Done());
    assertThat(result.hasNoEvents()).isTrue();
  }

  private void assertRefused(Kind kind, Function<ActorRef<StreamReply>, StreamCommand> command) {
    var result = run(command);
    assertThat(result.replyOfType(Refused.class).kind()).isEqualTo(kind);
    assertThat(result.hasNoEvents()).isTrue();
  }

  private StreamView view() {
    return bed.views.find(ORDERS).orElseThrow();
  }

  /** Waits until the stream has said so and can be seen; what it said before is passed over. */
  private void expectStanding(StreamStatus status, int openShards) {
    RegistryState.Standing wanted =
        new RegistryState.Standing(7, status, StreamMode.PROVISIONED, openShards);
    while (!(registry.receiveMessage() instanceof RegistryCommand.StreamStands stands
        && stands.standing().equals(wanted))) {
      // Standings after each change of settings.
    }
    registry.expectMessage(new RegistryCommand.StreamShown(ORDERS, 7));
  }
}
