package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardMessage.AttachReply;
import io.millrace.engine.shard.ShardMessage.AttachTail;
import io.millrace.engine.shard.ShardMessage.Attached;
import io.millrace.engine.shard.ShardMessage.Close;
import io.millrace.engine.shard.ShardMessage.CloseReply;
import io.millrace.engine.shard.ShardMessage.Erase;
import io.millrace.engine.shard.ShardMessage.EraseReply;
import io.millrace.engine.shard.ShardMessage.LocateLatest;
import io.millrace.engine.shard.ShardMessage.LocateReply;
import io.millrace.engine.shard.ShardMessage.LocateTime;
import io.millrace.engine.shard.ShardMessage.Located;
import io.millrace.engine.shard.ShardMessage.Open;
import io.millrace.engine.shard.ShardMessage.OpenReply;
import io.millrace.engine.shard.ShardMessage.Opened;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.ReadDone;
import io.millrace.engine.shard.ShardMessage.ReadReply;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardMessage.Trim;
import io.millrace.engine.shard.ShardMessage.TrimReply;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.WindowBudget;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.InMemoryStorage;
import io.millrace.engine.testing.InMemoryStore;
import io.millrace.engine.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The gate of one shard on a storage in memory, and short ways to ask it. */
final class GateFixture implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final long RETENTION = Duration.ofHours(24).toMillis();
  static final int MEBIBYTE = 1 << 20;

  /** No limits, and a failed shard is back at once. */
  static final ShardSettings UNLIMITED =
      new ShardSettings(
          Optional.empty(),
          512 << 10,
          8192,
          16 << 20,
          20_000,
          Duration.ofMillis(1),
          Duration.ofMillis(5),
          100);

  final InMemoryStore store = InMemoryStore.fresh();
  final InMemoryStorage storage = store.open();
  final ManualClock clock = new ManualClock();
  final FakeKeyStore keyStore = new FakeKeyStore();

  /** Where the key store is asked; read when the gate starts. */
  Executor keyThread = Runnable::run;

  final ShardAddress address = new ShardAddress(new StreamName("orders"), 1, new ShardId(2));
  final WindowBudget windows;

  private final ActorTestKit kit;
  private final ShardSettings settings;
  private ActorRef<ShardMessage> gate;

  GateFixture(ActorTestKit kit) {
    this(kit, UNLIMITED);
  }

  GateFixture(ActorTestKit kit, ShardSettings settings) {
    this(kit, settings, 4 << 20);
  }

  GateFixture(ActorTestKit kit, ShardSettings settings, long windowBytes) {
    this.kit = kit;
    this.settings = settings;
    this.windows = new WindowBudget(windowBytes);
    start();
  }

  static ActorTestKit kit() {
    return ActorTestKit.create(
        ConfigFactory.parseString("pekko.log-dead-letters = off\npekko.loglevel = WARNING")
            .withFallback(ConfigFactory.load()));
  }

  static ShardSettings limited(ShardLimits limits) {
    return new ShardSettings(
        Optional.of(limits),
        UNLIMITED.batchBytes(),
        UNLIMITED.batchRecords(),
        UNLIMITED.queueBytes(),
        UNLIMITED.queueRecords(),
        UNLIMITED.restartBackoff(),
        UNLIMITED.maxRestartBackoff(),
        UNLIMITED.trimStepEvents());
  }

  static ShardSettings batches(int bytes, int records, int queueRecords) {
    return new ShardSettings(
        Optional.empty(),
        bytes,
        records,
        10 << 20,
        queueRecords,
        UNLIMITED.restartBackoff(),
        UNLIMITED.maxRestartBackoff(),
        UNLIMITED.trimStepEvents());
  }

  static ShardSettings pausing(Duration backoff) {
    return new ShardSettings(
        Optional.empty(),
        UNLIMITED.batchBytes(),
        UNLIMITED.batchRecords(),
        UNLIMITED.queueBytes(),
        UNLIMITED.queueRecords(),
        backoff,
        backoff.multipliedBy(8),
        3);
  }

  // its life

  void start() {
    gate =
        kit.spawn(
            ShardGate.create(
                address,
                new ShardEnvironment(
                    storage, settings, windows, keyStore.dataKeys(clock, keyThread), clock),
                kit.spawn(keeper())));
  }

  ActorRef<ShardMessage> gate() {
    return gate;
  }

  /** Ends the gate and all beneath it at once, as a crash would. */
  void kill() {
    kit.stop(gate, PATIENCE);
  }

  void restart() {
    kill();
    start();
  }

  /** Lets the gate go when it has come to its end. */
  private static Behavior<LocalShards.Command> keeper() {
    return Behaviors.receive(LocalShards.Command.class)
        .onMessage(
            LocalShards.GateLeaves.class,
            leaving -> {
              leaving.gate().tell(ShardGate.Leave.NOW);
              return Behaviors.stopped();
            })
        .build();
  }

  void awaitStopped() {
    TestProbe<Void> probe = kit.createTestProbe();
    probe.expectTerminated(gate, PATIENCE);
  }

  @Override
  public void close() {
    kit.stop(gate, PATIENCE);
    storage.close();
    store.forget();
  }

  String persistenceId() {
    return address.persistenceId();
  }

  // asking

  <R> CompletableFuture<R> ask(Function<ActorRef<R>, ShardMessage> message) {
    return AskPattern.ask(gate, message::apply, PATIENCE, kit.scheduler()).toCompletableFuture();
  }

  static <R> R get(CompletableFuture<R> answer) {
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  CompletableFuture<OpenReply> askToOpen() {
    return ask(
        replyTo ->
            new Open(
                ManualClock.START_MILLIS / 1000,
                ManualClock.START_MILLIS,
                HashKeyRange.FULL,
                Payload.EMPTY,
                replyTo));
  }

  GateFixture open() {
    assertThat(get(askToOpen())).isEqualTo(new Opened());
    return this;
  }

  CompletableFuture<PutDone> put(PutEntry... entries) {
    return put(List.of(entries));
  }

  CompletableFuture<PutDone> put(List<PutEntry> entries) {
    return put(entries, false, OptionalLong.empty());
  }

  CompletableFuture<PutDone> put(
      List<PutEntry> entries, boolean inOrder, OptionalLong orderingCounter) {
    return ask(replyTo -> new Put(entries, inOrder, MEBIBYTE, orderingCounter, replyTo));
  }

  /** Puts one record that is to be stored encrypted. */
  CompletableFuture<PutDone> putUnder(KeyId key, PutEntry entry) {
    return ask(
        replyTo ->
            new Put(
                List.of(entry), false, MEBIBYTE, OptionalLong.empty(), Optional.of(key), replyTo));
  }

  /** Puts one record and waits until it is stored. */
  SequenceNumber store(String data) {
    return stored(get(put(entry(data))).outcomes().get(0));
  }

  static SequenceNumber stored(PutOutcome outcome) {
    assertThat(outcome).isInstanceOf(Stored.class);
    return ((Stored) outcome).sequenceNumber();
  }

  static List<SequenceNumber> stored(CompletableFuture<PutDone> put) {
    return get(put).outcomes().stream().map(GateFixture::stored).toList();
  }

  static PutEntry entry(String data) {
    return new PutEntry(
        HashKey.MIN, "key".getBytes(StandardCharsets.UTF_8), Payload.utf8(data), Optional.empty());
  }

  /** A record that limits charge for so many bytes, at least 1. */
  static PutEntry entryOf(int bytes) {
    byte[] data = new byte[bytes - 1];
    Arrays.fill(data, (byte) 'x');
    return new PutEntry(HashKey.MIN, new byte[] {'k'}, Payload.wrap(data), Optional.empty());
  }

  CompletableFuture<ReadReply> askToRead(
      long fromCounter, int maxRecords, int maxBytes, boolean limited) {
    return ask(replyTo -> new Read(fromCounter, maxRecords, maxBytes, RETENTION, limited, replyTo));
  }

  ReadReply read(long fromCounter) {
    return get(askToRead(fromCounter, 10_000, 10 << 20, false));
  }

  /** The data of all records there are. */
  List<String> data() {
    return data(read(0));
  }

  static List<String> data(ReadReply reply) {
    assertThat(reply).isInstanceOf(ReadDone.class);
    return ((ReadDone) reply).records().stream().map(Record::data).map(Payload::utf8).toList();
  }

  CompletableFuture<LocateReply> askForLatest() {
    return ask(LocateLatest::new);
  }

  /** Waits until the gate has taken every message that this thread has sent it. */
  void awaitTaken() {
    get(this.<AttachReply>ask(AttachTail::new));
  }

  long latest() {
    return ((Located) get(askForLatest())).counter();
  }

  CompletableFuture<LocateReply> askForTime(long epochMillis) {
    return ask(replyTo -> new LocateTime(epochMillis, replyTo));
  }

  RecordTail tail() {
    return ((Attached) get(this.<AttachReply>ask(AttachTail::new))).tail();
  }

  CompletableFuture<TrimReply> askToTrim() {
    return ask(replyTo -> new Trim(RETENTION, replyTo));
  }

  TrimReply trim() {
    return get(askToTrim());
  }

  CompletableFuture<CloseReply> askToClose() {
    return ask(Close::new);
  }

  CompletableFuture<EraseReply> askToErase() {
    return ask(Erase::new);
  }

  List<Long> eventNumbers() {
    return store.eventNumbers(persistenceId());
  }
}
