package io.millrace.engine.shard;

import static io.millrace.engine.shard.ShardStateTest.IDENTITY;
import static io.millrace.engine.shard.ShardStateTest.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardCommand.Append;
import io.millrace.engine.shard.ShardCommand.Committed;
import io.millrace.engine.shard.ShardCommand.MoveHorizon;
import io.millrace.engine.shard.ShardCommand.Open;
import io.millrace.engine.shard.ShardCommand.Ready;
import io.millrace.engine.shard.ShardCommand.SnapshotSettled;
import io.millrace.engine.shard.ShardEvent.HorizonMoved;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardEvent.ShardOpened;
import io.millrace.engine.shard.ShardState.Opened;
import io.millrace.engine.shard.ShardState.Unopened;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit.CommandResultWithReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShardActorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JournalPlugin PLUGIN =
      new JournalPlugin(
          PersistenceTestKitPlugin.PluginId(),
          ConfigFactory.empty(),
          PersistenceTestKitSnapshotPlugin.PluginId(),
          ConfigFactory.empty());

  private static ActorTestKit kit;
  private static int shards;

  private final ManualClock clock = new ManualClock();
  private TestProbe<ShardMessage> gate;
  private EventSourcedBehaviorTestKit<ShardCommand, ShardEvent, ShardState> shard;

  @BeforeAll
  static void startSystem() {
    kit =
        ActorTestKit.create(
            EventSourcedBehaviorTestKit.config()
                .withFallback(PersistenceTestKitSnapshotPlugin.config())
                .withFallback(ConfigFactory.load()));
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @BeforeEach
  void startShard() {
    gate = kit.createTestProbe(ShardMessage.class);
    ShardAddress address =
        new ShardAddress(new StreamName("orders"), ++shards, new ShardId(IDENTITY.shardIndex()));
    shard =
        EventSourcedBehaviorTestKit.create(
            kit.system(),
            ShardActor.create(address, PLUGIN, clock, gate.getRef()),
            // Commands and replies never leave their node.
            EventSourcedBehaviorTestKit.enabledSerializationSettings().withVerifyCommands(false));
  }

  private Ready open() {
    return this.<Ready>run(
            replyTo -> new Open(IDENTITY, 0, HashKeyRange.FULL, ProducerWindows.NONE, replyTo))
        .reply();
  }

  private CommandResultWithReply<ShardCommand, ShardEvent, ShardState, Committed> append(
      String... data) {
    return run(
        replyTo ->
            new Append(
                List.of(data).stream().map(ShardStateTest::entry).toList(),
                Optional.empty(),
                replyTo));
  }

  private CommandResultWithReply<ShardCommand, ShardEvent, ShardState, Committed> moveHorizon(
      long event) {
    return run(replyTo -> new MoveHorizon(event, replyTo));
  }

  private <R> CommandResultWithReply<ShardCommand, ShardEvent, ShardState, R> run(
      Function<ActorRef<R>, ShardCommand> command) {
    return shard.runCommand(command);
  }

  @Test
  void tellsTheGateWhatItRecoveredTo() {
    assertThat(gate.expectMessageClass(Ready.class, PATIENCE).state()).isEqualTo(Unopened.NEW);
    open();
    Opened before = (Opened) append("a").state();

    shard.restart();

    Opened after = (Opened) gate.expectMessageClass(Ready.class, PATIENCE).state();
    assertThat(after).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void opensOnceHoweverOftenItIsTold() {
    var first =
        this.<Ready>run(
            replyTo -> new Open(IDENTITY, 0, HashKeyRange.FULL, ProducerWindows.NONE, replyTo));
    assertThat(first.event()).isInstanceOf(ShardOpened.class);
    assertThat(first.reply().state()).isSameAs(first.state());

    var again =
        this.<Ready>run(
            replyTo ->
                new Open(
                    new io.millrace.engine.tail.ShardTail.ShardIdentity(1, 9),
                    0,
                    HashKeyRange.FULL,
                    ProducerWindows.NONE,
                    replyTo));

    assertThat(again.hasNoEvents()).isTrue();
    assertThat(((Opened) again.reply().state()).identity()).isEqualTo(IDENTITY);
  }

  @Test
  void appendsRecordsAsOneEventAndAnswersWithItsFrame() {
    open();

    var result = append("a", "b", "c");

    Frame frame = result.reply().frame();
    assertThat(result.events()).hasSize(1);
    assertThat(((RecordsAppended) result.event()).frame()).isSameAs(frame);
    assertThat(result.reply().state()).isSameAs(result.state());
    assertThat(frame.header())
        .isEqualTo(
            new Frame.Header(
                RecordBatch.KIND, 3, 2, 0, ManualClock.START_MILLIS, frame.header().bodyBytes()));
    List<String> data = new ArrayList<>();
    RecordBatch.of(frame).visit(0, (index, size, key, payload) -> data.add(payload.utf8()));
    assertThat(data).containsExactly("a", "b", "c");
  }

  @Test
  void arrivalNeverFallsEvenAcrossARestart() {
    open();
    append("a");
    clock.jumpWall(Duration.ofHours(-1));
    shard.restart();

    Frame.Header header = append("b").reply().frame().header();

    assertThat(header.arrivalMillis()).isEqualTo(ManualClock.START_MILLIS);
    clock.jumpWall(Duration.ofHours(2));
    assertThat(append("c").reply().frame().header().arrivalMillis())
        .isEqualTo(ManualClock.START_MILLIS + Duration.ofHours(1).toMillis());
  }

  @Test
  void movesItsHorizonByAnEventAndTakesASnapshotOfIt() {
    open();
    append("a");

    var moved = moveHorizon(3);

    assertThat(moved.event()).isInstanceOf(HorizonMoved.class);
    assertThat(moved.reply().state().horizonEvent()).isEqualTo(3);
    assertThat(moved.reply().frame().header().eventNumber()).isEqualTo(3);
    gate.expectMessageClass(Ready.class, PATIENCE);
    assertThat(gate.expectMessageClass(SnapshotSettled.class, PATIENCE))
        .isEqualTo(new SnapshotSettled(3, true));
  }

  @Test
  void horizonThatIsThereAlreadyIsNoEvent() {
    open();
    append("a");
    moveHorizon(3);

    for (long horizon : new long[] {0, 2, 3}) {
      var again = moveHorizon(horizon);
      assertThat(again.hasNoEvents()).isTrue();
      assertThat(again.reply().frame()).isNull();
      assertThat(again.reply().state().horizonEvent()).isEqualTo(3);
    }
  }

  @Test
  void recoversFromItsSnapshotAndWhatCameAfter() {
    open();
    append("a");
    moveHorizon(3);
    gate.expectMessageClass(Ready.class, PATIENCE);
    gate.expectMessageClass(SnapshotSettled.class, PATIENCE);
    ShardState before = append("b", "c").state();

    ShardState after = shard.restart().state();

    assertThat(after).usingRecursiveComparison().isEqualTo(before);
    assertThat(append("d").reply().frame().header().eventNumber()).isEqualTo(5);
  }

  @Test
  void takesASnapshotEveryFewEventsAndEveryFewMebibytes() {
    open();
    gate.expectMessageClass(Ready.class, PATIENCE);
    for (int i = 2; i <= 250; i++) {
      append("x");
    }
    assertThat(gate.expectMessageClass(SnapshotSettled.class, PATIENCE).event()).isEqualTo(250);
    String mebibyte = "m".repeat(1 << 20);
    for (int i = 0; i < 8; i++) {
      append(mebibyte);
    }
    assertThat(gate.expectMessageClass(SnapshotSettled.class, PATIENCE).event())
        .isBetween(257L, 258L);
  }

  @Test
  void answersEveryCommandOnceItIsOpen() {
    open();
    append("a");
    // A closed shard takes no records, so the end comes last.
    Map<Class<?>, Function<ActorRef<ShardMessage>, ShardCommand>> commands = new LinkedHashMap<>();
    commands.put(
        Append.class, replyTo -> new Append(List.of(entry("b")), Optional.empty(), replyTo));
    commands.put(
        Open.class,
        replyTo -> new Open(IDENTITY, 0, HashKeyRange.FULL, ProducerWindows.NONE, replyTo));
    commands.put(MoveHorizon.class, replyTo -> new MoveHorizon(2, replyTo));
    commands.put(ShardCommand.Close.class, ShardCommand.Close::new);
    assertThat(commands.keySet())
        .isEqualTo(
            Set.of(ShardCommand.class.getPermittedSubclasses()).stream()
                .filter(ShardCommand.class::isAssignableFrom)
                .collect(java.util.stream.Collectors.toSet()));

    commands.forEach(
        (type, command) -> assertThat(run(command).reply()).as("%s", type).isNotNull());
  }
}
