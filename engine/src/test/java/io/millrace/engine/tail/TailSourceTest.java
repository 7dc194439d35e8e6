package io.millrace.engine.tail;

import static io.millrace.engine.tail.StoredHistory.FIRST_EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Following the history of a shard whose journal notes what is asked of it, and answers at once.
 */
class TailSourceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final int MIB = 1 << 20;

  private static ActorTestKit kit;

  private final ManualClock clock = new ManualClock();
  private final AtomicLong retention = new AtomicLong(HOUR);
  private final StoredHistory history = new StoredHistory();
  private final List<Long> fetched = new ArrayList<>();
  private long fetchedBytes;
  private int headersFetched;

  private final JournalPages pages =
      new JournalPages() {
        @Override
        public CompletionStage<List<JournalRow>> read(
            String persistenceId, long from, long to, int maxBytes) {
          List<JournalRow> page = history.page(from, to, maxBytes);
          for (JournalRow row : page) {
            fetched.add(row.eventNumber());
            fetchedBytes += row.payload().length;
          }
          return CompletableFuture.completedStage(page);
        }

        @Override
        public CompletionStage<Optional<JournalRow>> prefix(
            String persistenceId, long from, long to, int prefixBytes) {
          headersFetched++;
          return CompletableFuture.completedStage(history.first(from, to));
        }
      };

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  /** Stores an event of so many records of so many bytes. */
  private void store(int count, int bytes) {
    history.add(Collections.nCopies(count, Payload.wrap(new byte[bytes])), clock.epochMillis());
  }

  private ShardTail tail() {
    return history.tail(pages, clock);
  }

  private TestSubscriber.Probe<TailPage> follow(ShardTail tail, int maxRecords, int maxBytes) {
    return tail.follow(0, maxRecords, maxBytes, retention::get)
        .runWith(TestSink.create(kit.system()), kit.system());
  }

  private static List<Long> counters(TailPage page) {
    return page.records().stream()
        .map(Record::sequenceNumber)
        .map(number -> number.counter())
        .toList();
  }

  private List<Long> readAll(TestSubscriber.Probe<TailPage> probe) {
    List<Long> seen = new ArrayList<>();
    while (seen.size() < history.records()) {
      seen.addAll(counters(probe.requestNext(PATIENCE)));
    }
    return seen;
  }

  private List<Long> all() {
    return counters(
        tail().read(0, Integer.MAX_VALUE, Integer.MAX_VALUE, HOUR).toCompletableFuture().join());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void fetchesEveryEventOnceHoweverItsPagesAreCut(int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      store(1 + random.nextInt(300), 1 + random.nextInt(2_000));
    }
    List<Long> expected = all();
    fetched.clear();
    headersFetched = 0;

    TestSubscriber.Probe<TailPage> probe =
        follow(tail(), 1 + random.nextInt(500), 1 + random.nextInt(3 * MIB));

    assertThat(readAll(probe)).isEqualTo(expected);
    assertThat(fetched).isEqualTo(List.copyOf(history.rows().keySet()));
    assertThat(headersFetched).isLessThan(10);
    probe.cancel();
  }

  @Test
  void readsNoFurtherThanOnePageAheadAndOnePiece() {
    for (int i = 0; i < 200; i++) {
      store(10, MIB / 40);
    }
    int pageBytes = 3 * MIB;
    ShardTail tail = tail();
    TestSubscriber.Probe<TailPage> idle = follow(tail, Integer.MAX_VALUE, pageBytes);
    idle.ensureSubscription();
    TestSubscriber.Probe<TailPage> probe = follow(tail, Integer.MAX_VALUE, pageBytes);

    for (int delivered = 1; delivered <= 5; delivered++) {
      probe.requestNext(PATIENCE);
      // What follows on the first demand was read in the same turn, since the journal answers at
      // once.
      assertThat(fetchedBytes).isLessThanOrEqualTo((delivered + 1L) * pageBytes + 2 * MIB);
    }
    probe.cancel();
    idle.cancel();
  }

  @Test
  void eventLargerThanAPageIsFetchedOnce() {
    store(40, MIB / 4);
    store(3, 10);
    TestSubscriber.Probe<TailPage> probe = follow(tail(), 4, MIB);

    assertThat(readAll(probe)).hasSize(43);
    assertThat(fetched).containsExactly(FIRST_EVENT, FIRST_EVENT + 1);
    probe.cancel();
  }

  @Test
  void saysHowFarBehindItIsByWhatItHasKept() {
    for (int i = 0; i < 6; i++) {
      store(2, 100);
      clock.advance(Duration.ofSeconds(1));
    }
    TestSubscriber.Probe<TailPage> probe = follow(tail(), 2, MIB);

    for (int next = 1; next < 6; next++) {
      assertThat(probe.requestNext(PATIENCE).millisBehindLatest()).isEqualTo((6 - next) * 1_000L);
    }
    assertThat(probe.requestNext(PATIENCE).millisBehindLatest()).isZero();
    assertThat(headersFetched).isZero();
    probe.cancel();
  }

  @Test
  void servesWhatPrecedesABadEventThatWasFetchedWithIt() {
    for (int i = 0; i < 5; i++) {
      store(2, 100);
    }
    history.rows().get(FIRST_EVENT + 3)[60] ^= 1;
    TestSubscriber.Probe<TailPage> probe = follow(tail(), 3, MIB);

    assertThat(counters(probe.requestNext(PATIENCE))).hasSize(3);
    assertThat(counters(probe.requestNext(PATIENCE))).hasSize(3);
    probe.request(1);
    assertThat(probe.expectError())
        .rootCause()
        .isInstanceOf(CorruptFrameException.class)
        .hasMessageContaining("event " + (FIRST_EVENT + 3));
  }

  @Test
  void servesNothingItKeptThatHasExpired() {
    for (int i = 0; i < 4; i++) {
      store(2, 100);
      clock.advance(Duration.ofMinutes(10));
    }
    TestSubscriber.Probe<TailPage> probe = follow(tail(), 2, MIB);
    List<Long> all = all();
    // The first page, and the second one ahead.
    assertThat(counters(probe.requestNext(PATIENCE))).isEqualTo(all.subList(0, 2));
    retention.set(Duration.ofMinutes(15).toMillis());

    assertThat(counters(probe.requestNext(PATIENCE))).isEqualTo(all.subList(2, 4));
    assertThat(counters(probe.requestNext(PATIENCE))).isEqualTo(all.subList(6, 8));
    probe.cancel();
  }

  @Test
  void servesNothingItKeptThatWasTrimmed() {
    for (int i = 0; i < 4; i++) {
      store(2, 100);
    }
    ShardTail tail = tail();
    TestSubscriber.Probe<TailPage> probe = follow(tail, 2, MIB);
    List<Long> all = all();
    assertThat(counters(probe.requestNext(PATIENCE))).isEqualTo(all.subList(0, 2));
    tail.recovered(history.state(FIRST_EVENT + 3));

    assertThat(counters(probe.requestNext(PATIENCE))).isEqualTo(all.subList(2, 4));
    assertThat(counters(probe.requestNext(PATIENCE))).isEqualTo(all.subList(6, 8));
    probe.cancel();
  }
}
