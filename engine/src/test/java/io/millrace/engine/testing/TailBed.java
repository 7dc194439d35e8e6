package io.millrace.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.LocalShards;
import io.millrace.engine.shard.PutEntry;
import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardEnvironment;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardMessage.AttachReply;
import io.millrace.engine.shard.ShardMessage.AttachTail;
import io.millrace.engine.shard.ShardMessage.Attached;
import io.millrace.engine.shard.ShardMessage.Open;
import io.millrace.engine.shard.ShardMessage.OpenReply;
import io.millrace.engine.shard.ShardMessage.Opened;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutDone;
import io.millrace.engine.shard.ShardMessage.Stored;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.shard.ShardSettings;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import io.millrace.engine.tail.WindowBudget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.provider.Arguments;

/** The tail of one shard on some storage, and short ways to fill and read it. */
public abstract class TailBed {

  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final long RETENTION = Duration.ofHours(24).toMillis();
  static final long LARGE_WINDOW = 16 << 20;
  static final ShardAddress SHARD = new ShardAddress(new StreamName("orders"), 1, new ShardId(4));

  final ManualClock clock = new ManualClock();
  final LongAdder reads = new LongAdder();
  ActorTestKit kit;
  private Storage storage;
  private ShardRegion region;
  private ActorRef<LocalShards.Command> shards;

  /** Opens an empty storage. Called before each test, and closed after it. */
  protected abstract Storage openStorage() throws Exception;

  @BeforeEach
  final void start() throws Exception {
    kit =
        ActorTestKit.create(
            ConfigFactory.parseString("pekko.log-dead-letters = off\npekko.loglevel = WARNING")
                .withFallback(ConfigFactory.load()));
    storage = new CountingStorage(openStorage(), reads);
  }

  @AfterEach
  final void stop() {
    kit.shutdownTestKit();
    storage.close();
  }

  /** Starts the shard with a window of this size, open and without records or with its own. */
  final RecordTail tail(long windowBytes) {
    ShardSettings settings =
        new ShardSettings(
            Optional.empty(),
            2_000,
            7,
            10 << 20,
            20_000,
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            5);
    shards =
        kit.spawn(
            LocalShards.create(
                new ShardEnvironment(
                    storage,
                    settings,
                    new WindowBudget(windowBytes),
                    new FakeKeyStore().dataKeys(clock),
                    clock)));
    region = LocalShards.region(shards, kit.system());
    OpenReply opened =
        get(
            this.<OpenReply>ask(
                replyTo ->
                    new Open(
                        clock.epochMillis() / 1000,
                        clock.epochMillis(),
                        HashKeyRange.FULL,
                        Payload.EMPTY,
                        replyTo)));
    assertThat(opened).isEqualTo(new Opened());
    return ((Attached) get(this.<AttachReply>ask(AttachTail::new))).tail();
  }

  /** The same shard, in a new process as it were. */
  final RecordTail restarted(long windowBytes) {
    kit.stop(shards, PATIENCE);
    return tail(windowBytes);
  }

  final <R> CompletionStage<R> ask(Function<ActorRef<R>, ShardMessage> message) {
    return region.ask(SHARD, message, PATIENCE);
  }

  static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  final CompletionStage<List<SequenceNumber>> put(List<String> data) {
    List<PutEntry> entries =
        data.stream()
            .map(
                text ->
                    new PutEntry(
                        HashKey.MIN,
                        "key".getBytes(StandardCharsets.UTF_8),
                        Payload.utf8(text),
                        Optional.empty()))
            .toList();
    return this.<PutDone>ask(
            replyTo -> new Put(entries, false, 1 << 20, OptionalLong.empty(), replyTo))
        .thenApply(
            done -> done.outcomes().stream().map(one -> ((Stored) one).sequenceNumber()).toList());
  }

  final SequenceNumber put(String data) {
    return get(put(List.of(data))).get(0);
  }

  /** Stores so many records, in puts of some, of some size, at some time. */
  final List<SequenceNumber> history(Random random, int records) {
    List<SequenceNumber> numbers = new ArrayList<>();
    while (numbers.size() < records) {
      List<String> data = new ArrayList<>();
      int atOnce = Math.min(records - numbers.size(), 1 + random.nextInt(5));
      for (int i = 0; i < atOnce; i++) {
        data.add(data(numbers.size() + i, random.nextInt(200)));
      }
      numbers.addAll(get(put(data)));
      clock.advance(Duration.ofMillis(random.nextInt(50)));
    }
    return numbers;
  }

  static String data(int index, int padding) {
    return index + ":" + "x".repeat(padding);
  }

  static int indexIn(Record record) {
    String text = record.data().utf8();
    return Integer.parseInt(text.substring(0, text.indexOf(':')));
  }

  static int size(Record record) {
    return record.data().size() + record.partitionKey().getBytes(StandardCharsets.UTF_8).length;
  }

  static TailPage read(RecordTail tail, long from, int maxRecords, int maxBytes) {
    return get(tail.read(from, maxRecords, maxBytes, RETENTION));
  }

  static List<SequenceNumber> numbers(TailPage page) {
    return page.records().stream().map(Record::sequenceNumber).toList();
  }

  static Stream<Arguments> windowsAndSeeds() {
    return Stream.of(0L, 400L, 3_000L, LARGE_WINDOW)
        .flatMap(window -> Stream.of(1L, 2L).map(seed -> Arguments.of(window, seed)));
  }
}
