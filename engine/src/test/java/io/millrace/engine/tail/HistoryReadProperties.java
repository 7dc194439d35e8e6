package io.millrace.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Reading a shard's history page by page from a journal that answers whenever it likes. */
class HistoryReadProperties {

  private static final int MIB = 1 << 20;
  private static final long HOUR = 3_600_000;

  private final ManualClock clock = new ManualClock();

  /** A journal in which reads end in any order, none before the test lets it. */
  private static final class LateJournal implements JournalPages {

    private record Answer(CompletableFuture<List<JournalRow>> stage, List<JournalRow> rows) {}

    private final StoredHistory history = new StoredHistory();
    private final List<Answer> underWay = new ArrayList<>();
    private int mostUnderWay;
    private long eventsRead;

    @Override
    public CompletionStage<List<JournalRow>> read(
        String persistenceId, long from, long to, int maxBytes) {
      assertThat(from).isLessThanOrEqualTo(to).isLessThanOrEqualTo(history.rows().lastKey());
      assertThat(maxBytes).isBetween(1, 2 * MIB);
      List<JournalRow> page = history.page(from, to, maxBytes);
      Answer answer = new Answer(new CompletableFuture<>(), page);
      underWay.add(answer);
      mostUnderWay = Math.max(mostUnderWay, underWay.size());
      eventsRead += page.size();
      return answer.stage();
    }

    @Override
    public CompletionStage<Optional<JournalRow>> prefix(
        String persistenceId, long from, long to, int prefixBytes) {
      return CompletableFuture.completedStage(history.first(from, to));
    }

    /** Answers what is under way, in any order, until nothing more is asked. */
    void answerAll(Random random) {
      while (!underWay.isEmpty()) {
        Answer answer = underWay.remove(random.nextInt(underWay.size()));
        answer.stage().complete(answer.rows());
      }
    }
  }

  /** Stores events of so many records of about so many bytes. */
  private LateJournal journal(int[] counts, int[] bytes) {
    LateJournal journal = new LateJournal();
    for (int i = 0; i < counts.length; i++) {
      long first = journal.history.records();
      String filling = "x".repeat(bytes[i]);
      journal.history.add(
          LongStream.range(first, first + counts[i])
              .mapToObj(place -> Payload.utf8(filling + place))
              .toList(),
          clock.epochMillis());
    }
    return journal;
  }

  private ShardTail tail(LateJournal journal) {
    return journal.history.tail(journal, clock);
  }

  /** Reads to the end in pages; what they hold. */
  private static List<TailPage> readAll(
      ShardTail tail, LateJournal journal, int maxRecords, int maxBytes, Random random) {
    List<TailPage> pages = new ArrayList<>();
    long counter = 0;
    while (true) {
      CompletableFuture<TailPage> page =
          tail.read(counter, maxRecords, maxBytes, HOUR).toCompletableFuture();
      journal.answerAll(random);
      assertThat(page).isCompleted();
      if (page.join().records().isEmpty()) {
        return pages;
      }
      pages.add(page.join());
      counter = page.join().nextCounter();
    }
  }

  /** The place of a record among all that were stored, which its data ends with. */
  private static long place(Record record) {
    String data = record.data().utf8();
    return Long.parseLong(data.substring(data.lastIndexOf('x') + 1));
  }

  @Property(tries = 60)
  void readsEveryRecordOnceInOrderHoweverLargeTheEventsAre(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int events,
      @ForAll @IntRange(min = 1, max = 300) int maxRecords,
      @ForAll @IntRange(min = 1, max = 10 * MIB) int maxBytes) {
    Random random = new Random(seed);
    int[] counts = random.ints(events, 1, 12).toArray();
    int[] bytes = random.ints(events, 4, 18).map(bits -> 1 + random.nextInt(1 << bits)).toArray();
    LateJournal journal = journal(counts, bytes);

    List<TailPage> pages = readAll(tail(journal), journal, maxRecords, maxBytes, random);

    assertThat(pages.stream().flatMap(page -> page.records().stream()).map(record -> place(record)))
        .containsExactlyElementsOf(
            LongStream.range(0, IntStream.of(counts).sum()).boxed().toList());
    assertThat(journal.mostUnderWay).isLessThanOrEqualTo(2);
  }

  @Property(tries = 20)
  void readsTwoPiecesAtOnceAndHardlyAnEventTwiceWhereTheyAreAlike(
      @ForAll long seed, @ForAll @IntRange(min = 100, max = 500) int kib) {
    Random random = new Random(seed);
    int[] counts = IntStream.generate(() -> 8).limit(8192 / kib + 6).toArray();
    int[] bytes = IntStream.generate(() -> kib * 128).limit(counts.length).toArray();
    LateJournal journal = journal(counts, bytes);

    List<TailPage> pages = readAll(tail(journal), journal, 10_000, 4 * MIB, random);

    assertThat(journal.mostUnderWay).isEqualTo(2);
    assertThat(journal.eventsRead).isLessThanOrEqualTo(counts.length + 2L * pages.size());
  }
}
