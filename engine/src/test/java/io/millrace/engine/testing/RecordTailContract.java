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
import io.millrace.engine.shard.ShardMessage.Trim;
import io.millrace.engine.shard.ShardMessage.TrimReply;
import io.millrace.engine.shard.ShardMessage.Trimmed;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.shard.ShardSettings;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.tail.Backlog;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tail of a shard does, whatever storage its pages come from. */
public abstract class RecordTailContract {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long RETENTION = Duration.ofHours(24).toMillis();
  private static final long LARGE_WINDOW = 16 << 20;
  private static final ShardAddress SHARD =
      new ShardAddress(new StreamName("orders"), 1, new ShardId(4));

  private final ManualClock clock = new ManualClock();
  private final LongAdder reads = new LongAdder();
  private ActorTestKit kit;
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
  private RecordTail tail(long windowBytes) {
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
  private RecordTail restarted(long windowBytes) {
    kit.stop(shards, PATIENCE);
    return tail(windowBytes);
  }

  private <R> CompletionStage<R> ask(Function<ActorRef<R>, ShardMessage> message) {
    return region.ask(SHARD, message, PATIENCE);
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  private CompletionStage<List<SequenceNumber>> put(List<String> data) {
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

  private SequenceNumber put(String data) {
    return get(put(List.of(data))).get(0);
  }

  /** Stores so many records, in puts of some, of some size, at some time. */
  private List<SequenceNumber> history(Random random, int records) {
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

  private static String data(int index, int padding) {
    return index + ":" + "x".repeat(padding);
  }

  private static int indexIn(Record record) {
    String text = record.data().utf8();
    return Integer.parseInt(text.substring(0, text.indexOf(':')));
  }

  private static int size(Record record) {
    return record.data().size() + record.partitionKey().getBytes(StandardCharsets.UTF_8).length;
  }

  private static TailPage read(RecordTail tail, long from, int maxRecords, int maxBytes) {
    return get(tail.read(from, maxRecords, maxBytes, RETENTION));
  }

  private static List<SequenceNumber> numbers(TailPage page) {
    return page.records().stream().map(Record::sequenceNumber).toList();
  }

  static Stream<Arguments> windowsAndSeeds() {
    return Stream.of(0L, 400L, 3_000L, LARGE_WINDOW)
        .flatMap(window -> Stream.of(1L, 2L).map(seed -> Arguments.of(window, seed)));
  }

  // pages

  @ParameterizedTest
  @MethodSource("windowsAndSeeds")
  void passReturnsEveryRecordOnceInOrderWithinItsLimits(long windowBytes, long seed) {
    Random random = new Random(seed);
    RecordTail tail = tail(windowBytes);
    List<SequenceNumber> expected = history(random, 200);
    for (int pass = 0; pass < 4; pass++) {
      List<SequenceNumber> seen = new ArrayList<>();
      long position = 0;
      while (true) {
        int maxRecords = pass == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(30);
        int maxBytes = pass < 2 ? Integer.MAX_VALUE : 1 + random.nextInt(2_000);
        TailPage page = read(tail, position, maxRecords, maxBytes);
        int bytes = page.records().stream().mapToInt(RecordTailContract::size).sum();
        assertThat(page.bytes()).isEqualTo(bytes);
        assertThat(page.records()).hasSizeLessThanOrEqualTo(maxRecords);
        assertThat(page.records().size() <= 1 || bytes <= maxBytes).isTrue();
        assertThat(page.atShardEnd()).isFalse();
        for (Record record : page.records()) {
          assertThat(indexIn(record)).isEqualTo(seen.size());
          seen.add(record.sequenceNumber());
        }
        if (page.records().isEmpty()) {
          assertThat(page.nextCounter()).isEqualTo(tail.state().latestCounter());
          break;
        }
        assertThat(page.nextCounter()).isGreaterThan(position);
        position = page.nextCounter();
      }
      assertThat(seen).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3_000, LARGE_WINDOW})
  void everyPositionNamesTheRecordAtOrAfterIt(long windowBytes) {
    RecordTail tail = tail(windowBytes);
    List<SequenceNumber> numbers = history(new Random(3), 60);
    for (int i = 0; i < numbers.size(); i++) {
      long counter = numbers.get(i).counter();
      TailPage at = read(tail, counter, 1, 1);
      assertThat(numbers(at)).containsExactly(numbers.get(i));
      TailPage after = read(tail, counter + 1, 1, 1);
      assertThat(numbers(after)).isEqualTo(numbers.subList(i + 1, Math.min(i + 2, 60)));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, LARGE_WINDOW})
  void positionBeyondTheEndWaitsForWhatComes(long windowBytes) {
    RecordTail tail = tail(windowBytes);
    put("a");
    long latest = tail.state().latestCounter();

    TailPage empty = read(tail, latest, 10, 1_000);
    assertThat(empty.records()).isEmpty();
    assertThat(empty.nextCounter()).isEqualTo(latest);
    assertThat(empty.millisBehindLatest()).isZero();

    SequenceNumber next = put("b");
    assertThat(numbers(read(tail, empty.nextCounter(), 10, 1_000))).containsExactly(next);
  }

  @ParameterizedTest
  @MethodSource("windowsAndSeeds")
  void saysExactlyHowFarBehindItIs(long windowBytes, long seed) {
    Random random = new Random(seed);
    RecordTail tail = tail(windowBytes);
    long start = clock.epochMillis();
    history(random, 60);
    // Half of it is trimmed, which leaves an event without records in the midst.
    clock.advance(Duration.ofMillis(RETENTION - (clock.epochMillis() - start) / 2));
    assertThat(get(this.<TrimReply>ask(replyTo -> new Trim(RETENTION, replyTo))))
        .isInstanceOf(Trimmed.class);
    clock.advance(Duration.ofMillis(5));
    history(random, 60);
    clock.advance(Duration.ofSeconds(3));
    long now = clock.epochMillis();
    List<Record> all = get(tail.read(0, 1_000, 1 << 20, 2 * RETENTION)).records();
    assertThat(all.size()).isBetween(61, 119);

    for (int from = 0; from < all.size(); from++) {
      int maxRecords = 1 + random.nextInt(10);
      long position = all.get(from).sequenceNumber().counter();
      TailPage page = get(tail.read(position, maxRecords, 1 << 20, 2 * RETENTION));
      int next = from + page.records().size();
      long expected =
          next == all.size() ? 0 : now - all.get(next).approximateArrivalTimestamp().toEpochMilli();
      assertThat(page.millisBehindLatest()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("windowsAndSeeds")
  void countsExactlyWhatIsLeft(long windowBytes, long seed) {
    Random random = new Random(seed);
    RecordTail tail = tail(windowBytes);
    long start = clock.epochMillis();
    history(random, 60);
    // Half of it is trimmed, which leaves an event without records in the midst.
    clock.advance(Duration.ofMillis(RETENTION - (clock.epochMillis() - start) / 2));
    assertThat(get(this.<TrimReply>ask(replyTo -> new Trim(RETENTION, replyTo))))
        .isInstanceOf(Trimmed.class);
    clock.advance(Duration.ofMillis(5));
    history(random, 60);
    clock.advance(Duration.ofSeconds(3));
    long now = clock.epochMillis();
    List<Record> all = get(tail.read(0, 1_000, 1 << 20, 2 * RETENTION)).records();
    assertThat(all.size()).isBetween(61, 119);
    assertThat(get(tail.backlog(0, 2 * RETENTION)).records()).isEqualTo(all.size());

    for (Record last : all) {
      long position = last.sequenceNumber().counter() + 1;
      long retention =
          random.nextBoolean() ? 2 * RETENTION : 2_000 + random.nextInt(2 * (int) RETENTION);
      List<Record> left =
          all.stream()
              .filter(record -> record.sequenceNumber().counter() >= position)
              .filter(record -> age(record, now) < retention)
              .toList();
      assertThat(get(tail.backlog(position, retention)))
          .isEqualTo(
              left.isEmpty() ? Backlog.NONE : new Backlog(left.size(), age(left.get(0), now)));
    }
  }

  private static long age(Record record, long now) {
    return now - record.approximateArrivalTimestamp().toEpochMilli();
  }

  @ParameterizedTest
  @MethodSource("windowsAndSeeds")
  void skipsExactlyWhatHasExpired(long windowBytes, long seed) {
    Random random = new Random(seed);
    RecordTail tail = tail(windowBytes);
    history(random, 100);
    List<Record> all = read(tail, 0, 1_000, 1 << 20).records();
    long now = clock.epochMillis();
    for (int i = 0; i < 40; i++) {
      long retention = random.nextInt(1_500);
      int from = random.nextInt(all.size());
      List<SequenceNumber> expected =
          all.subList(from, all.size()).stream()
              .filter(
                  record -> now - record.approximateArrivalTimestamp().toEpochMilli() < retention)
              .map(Record::sequenceNumber)
              .toList();
      long position = random.nextBoolean() ? 0 : all.get(from).sequenceNumber().counter();
      TailPage page = get(tail.read(position, 1_000, 1 << 20, retention));
      if (position > 0) {
        assertThat(numbers(page)).isEqualTo(expected);
      } else {
        assertThat(numbers(page)).endsWith(expected.toArray(SequenceNumber[]::new));
        page.records()
            .forEach(
                record ->
                    assertThat(now - record.approximateArrivalTimestamp().toEpochMilli())
                        .isLessThan(retention));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 3_000, LARGE_WINDOW})
  void findsTheFirstRecordOfATime(long windowBytes) {
    RecordTail tail = tail(windowBytes);
    history(new Random(5), 150);
    List<Record> all = read(tail, 0, 1_000, 1 << 20).records();
    long first = all.get(0).approximateArrivalTimestamp().toEpochMilli();
    long last = clock.epochMillis();
    for (long time = first - 2; time <= last + 2; time += 7) {
      long wanted = time;
      Optional<Record> expected =
          all.stream()
              .filter(record -> record.approximateArrivalTimestamp().toEpochMilli() >= wanted)
              .findFirst();
      long found = get(tail.locate(time));
      TailPage page = read(tail, found, 1, 1);
      assertThat(page.records().stream().findFirst()).isEqualTo(expected);
    }
  }

  @Test
  void recentRecordsNeverTouchTheJournal() {
    RecordTail tail = tail(LARGE_WINDOW);
    long start = tail.state().latestCounter();
    history(new Random(6), 50);
    long before = reads.sum();

    assertThat(read(tail, start, 1_000, 1 << 20).records()).hasSize(50);

    assertThat(reads.sum()).isEqualTo(before);
  }

  @Test
  void recordsOfAnEarlierLifeAreReadFromTheJournal() {
    tail(LARGE_WINDOW);
    List<SequenceNumber> numbers = new ArrayList<>(history(new Random(7), 50));

    RecordTail tail = restarted(LARGE_WINDOW);

    assertThat(tail.state().recordCount()).isEqualTo(50);
    assertThat(numbers(read(tail, 0, 1_000, 1 << 20))).isEqualTo(numbers);
    numbers.add(put("50:"));
    assertThat(numbers(read(tail, 0, 1_000, 1 << 20))).isEqualTo(numbers);
  }

  @Test
  void largeRecordIsReturnedWhateverTheLimit() {
    RecordTail tail = tail(0);
    SequenceNumber small = put("0:");
    SequenceNumber large = put(data(1, 3 << 20));
    SequenceNumber other = put("2:");

    assertThat(numbers(read(tail, 0, 10, 1))).containsExactly(small);
    assertThat(numbers(read(tail, large.counter(), 10, 1))).containsExactly(large);
    assertThat(numbers(read(tail, 0, 10, 4 << 20))).containsExactly(small, large, other);
  }

  // following

  private TestSubscriber.Probe<TailPage> follow(RecordTail tail, long from, int maxPageBytes) {
    return tail.follow(from, Integer.MAX_VALUE, maxPageBytes, () -> RETENTION)
        .runWith(TestSink.create(kit.system()), kit.system());
  }

  private static TailPage next(TestSubscriber.Probe<TailPage> probe) {
    return probe.requestNext(PATIENCE);
  }

  @Test
  void waitingReaderIsWokenByTheCommitAndDoesNotPoll() {
    RecordTail tail = tail(LARGE_WINDOW);
    TestSubscriber.Probe<TailPage> probe = follow(tail, tail.state().latestCounter(), 1_000);
    long before = reads.sum();
    for (int i = 0; i < 50; i++) {
      probe.request(1);
      SequenceNumber number = put(i + ":");
      TailPage page = expect(probe);
      assertThat(numbers(page)).containsExactly(number);
      assertThat(page.millisBehindLatest()).isZero();
    }
    assertThat(reads.sum()).isEqualTo(before);
    probe.cancel();
  }

  private static TailPage expect(TestSubscriber.Probe<TailPage> probe) {
    return probe.expectNext(PATIENCE);
  }

  @Test
  void nothingIsReadWithoutDemandButOnePageAhead() {
    RecordTail tail = tail(0);
    for (int i = 0; i < 6; i++) {
      // So large that no two of them are fetched at once.
      put(data(i, 3 << 19));
    }
    long before = reads.sum();
    TestSubscriber.Probe<TailPage> probe = follow(tail, 0, 1);
    probe.ensureSubscription();
    TestSubscriber.Probe<TailPage> other = follow(tail, 0, 1);

    // A page is a read, and a look at the next header to say how far behind that is.
    TailPage first = next(other);
    TailPage second = next(other);

    assertThat(first.records()).hasSize(1);
    assertThat(second.records()).hasSize(1);
    assertThat(reads.sum() - before).isBetween(4L, 6L);
    assertThat(next(probe).records()).isEqualTo(first.records());
    probe.cancel();
    other.cancel();
  }

  @Test
  void whatWasFetchedWithAPageIsNotFetchedAgain() {
    RecordTail tail = tail(0);
    List<SequenceNumber> expected = history(new Random(11), 100);
    long before = reads.sum();
    TestSubscriber.Probe<TailPage> probe = follow(tail, 0, 300);
    List<SequenceNumber> seen = new ArrayList<>();
    while (seen.size() < expected.size()) {
      seen.addAll(numbers(next(probe)));
    }

    assertThat(seen).isEqualTo(expected);
    assertThat(reads.sum() - before).isEqualTo(1);
    probe.cancel();
  }

  @Test
  void slowReaderGetsPagesOfItsSizeAndMissesNothing() {
    RecordTail tail = tail(500);
    TestSubscriber.Probe<TailPage> probe = follow(tail, 0, 600);
    List<SequenceNumber> expected = history(new Random(8), 100);
    List<SequenceNumber> seen = new ArrayList<>();
    while (seen.size() < expected.size()) {
      TailPage page = next(probe);
      assertThat(page.records()).isNotEmpty();
      assertThat(page.records().size() == 1 || page.bytes() <= 600).isTrue();
      seen.addAll(numbers(page));
    }
    assertThat(seen).isEqualTo(expected);
    probe.request(1);
    SequenceNumber live = put("live:");
    assertThat(numbers(expect(probe))).containsExactly(live);
    probe.cancel();
  }

  @ParameterizedTest
  @MethodSource("windowsAndSeeds")
  void historyBecomesLiveWithoutLossRepeatOrGapUnderConcurrentPuts(long windowBytes, long seed)
      throws Exception {
    Random random = new Random(seed);
    tail(windowBytes);
    List<SequenceNumber> earlier = history(random, 60);
    RecordTail tail = restarted(windowBytes);
    int total = 260;
    List<CompletableFuture<List<SequenceNumber>>> readers = new ArrayList<>();
    for (int reader = 0; reader < 3; reader++) {
      long readerSeed = seed * 10 + reader;
      readers.add(
          CompletableFuture.supplyAsync(() -> followUntil(tail, new Random(readerSeed), total)));
    }
    CompletableFuture<List<SequenceNumber>> polling =
        CompletableFuture.supplyAsync(() -> pollUntil(tail, new Random(seed), total));
    List<CompletionStage<List<SequenceNumber>>> puts = new ArrayList<>();
    for (int i = earlier.size(); i < total; ) {
      List<String> data = new ArrayList<>();
      for (int n = Math.min(total - i, 1 + random.nextInt(4)); n > 0; n--) {
        data.add(data(i++, random.nextInt(300)));
      }
      puts.add(put(data));
      if (random.nextInt(8) == 0) {
        get(puts.get(puts.size() - 1));
      }
    }
    List<SequenceNumber> expected = new ArrayList<>(earlier);
    puts.forEach(done -> expected.addAll(get(done)));

    assertThat(expected).isSorted().doesNotHaveDuplicates().hasSize(total);
    for (CompletableFuture<List<SequenceNumber>> reader : readers) {
      assertThat(get(reader)).isEqualTo(expected);
    }
    assertThat(get(polling)).isEqualTo(expected);
  }

  private List<SequenceNumber> followUntil(RecordTail tail, Random random, int records) {
    TestSubscriber.Probe<TailPage> probe = follow(tail, 0, 1 + random.nextInt(2_000));
    List<SequenceNumber> seen = new ArrayList<>();
    int demanded = 0;
    while (seen.size() < records) {
      if (demanded == 0) {
        demanded = 1 + random.nextInt(4);
        probe.request(demanded);
      }
      seen.addAll(numbers(expect(probe)));
      demanded--;
    }
    probe.cancel();
    return seen;
  }

  private static List<SequenceNumber> pollUntil(RecordTail tail, Random random, int records) {
    List<SequenceNumber> seen = new ArrayList<>();
    long position = 0;
    long highWatermark = 0;
    while (seen.size() < records) {
      assertThat(tail.state().highWatermark()).isGreaterThanOrEqualTo(highWatermark);
      highWatermark = tail.state().highWatermark();
      TailPage page = read(tail, position, 1 + random.nextInt(20), 1 + random.nextInt(3_000));
      position = page.nextCounter();
      seen.addAll(numbers(page));
    }
    return seen;
  }

  @Test
  void followersAtTheEndShareTheirRecords() {
    RecordTail tail = tail(LARGE_WINDOW);
    List<TestSubscriber.Probe<TailPage>> probes = new ArrayList<>();
    for (int reader = 0; reader < 20; reader++) {
      probes.add(follow(tail, tail.state().latestCounter(), 1_000));
    }
    for (int i = 0; i < 3; i++) {
      probes.forEach(probe -> probe.request(1));
      put(i + ":");
      Record first = expect(probes.get(0)).records().get(0);
      for (TestSubscriber.Probe<TailPage> probe : probes.subList(1, probes.size())) {
        assertThat(expect(probe).records().get(0)).isSameAs(first);
      }
    }
    probes.forEach(TestSubscriber.Probe::cancel);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, LARGE_WINDOW})
  void pagesOfAFollowerHoldNoMoreRecordsThanItWants(long windowBytes) {
    RecordTail tail = tail(windowBytes);
    List<SequenceNumber> expected = history(new Random(10), 20);
    TestSubscriber.Probe<TailPage> probe =
        tail.follow(0, 3, 1 << 20, () -> RETENTION)
            .runWith(TestSink.create(kit.system()), kit.system());
    List<SequenceNumber> seen = new ArrayList<>();
    while (seen.size() < expected.size()) {
      TailPage page = next(probe);
      assertThat(page.records()).hasSizeBetween(1, 3);
      seen.addAll(numbers(page));
    }
    assertThat(seen).isEqualTo(expected);
    probe.cancel();
  }

  @Test
  void followerKeepsToTheRetentionOfTheMoment() {
    RecordTail tail = tail(LARGE_WINDOW);
    put("0:");
    clock.advance(Duration.ofHours(2));
    SequenceNumber kept = put("1:");
    AtomicLong retention = new AtomicLong(RETENTION);
    TestSubscriber.Probe<TailPage> probe =
        tail.follow(0, 10, 1 << 20, retention::get)
            .runWith(TestSink.create(kit.system()), kit.system());
    retention.set(Duration.ofHours(1).toMillis());

    assertThat(numbers(next(probe))).containsExactly(kept);
    probe.cancel();
  }

  @Test
  void readerOverTheTrimHorizonGoesOnFromIt() {
    RecordTail tail = tail(0);
    history(new Random(9), 40);
    clock.advance(Duration.ofMillis(RETENTION - 300));
    TestSubscriber.Probe<TailPage> probe = follow(tail, 0, 1);
    TrimReply trimmed = get(this.<TrimReply>ask(replyTo -> new Trim(RETENTION, replyTo)));
    assertThat(((Trimmed) trimmed).deletedEvents()).isPositive();
    List<SequenceNumber> left = numbers(read(tail, 0, 1_000, 1 << 20));
    assertThat(left).isNotEmpty().hasSizeLessThan(40);

    for (SequenceNumber number : left) {
      assertThat(numbers(next(probe))).containsExactly(number);
    }
    probe.cancel();
  }
}
