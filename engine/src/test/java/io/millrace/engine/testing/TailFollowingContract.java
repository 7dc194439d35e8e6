package io.millrace.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.Trim;
import io.millrace.engine.shard.ShardMessage.TrimReply;
import io.millrace.engine.shard.ShardMessage.Trimmed;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the followers of a shard get, whatever storage its pages come from. */
public abstract class TailFollowingContract extends TailBed {

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
