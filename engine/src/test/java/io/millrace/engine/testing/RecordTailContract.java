package io.millrace.engine.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardMessage.Trim;
import io.millrace.engine.shard.ShardMessage.TrimReply;
import io.millrace.engine.shard.ShardMessage.Trimmed;
import io.millrace.engine.tail.Backlog;
import io.millrace.engine.tail.RecordTail;
import io.millrace.engine.tail.TailPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page of the tail of a shard holds, whatever storage it comes from. */
public abstract class RecordTailContract extends TailBed {

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
}
