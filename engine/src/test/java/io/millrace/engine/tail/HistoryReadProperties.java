package io.millrace.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.encryption.Opener;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
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
  private static final long FIRST_EVENT = 2;

  private final ManualClock clock = new ManualClock();

  private record Entry(Payload data) implements RecordBatch.Entry {
    @Override
    public byte[] partitionKey() {
      return "key".getBytes(StandardCharsets.UTF_8);
    }
  }

  /** A journal in which reads end in any order, none before the test lets it. */
  private static final class LateJournal implements JournalPages {

    private record Answer(CompletableFuture<List<JournalRow>> stage, List<JournalRow> rows) {}

    private final TreeMap<Long, byte[]> rows = new TreeMap<>();
    private final List<Answer> underWay = new ArrayList<>();
    private int mostUnderWay;
    private long eventsRead;

    @Override
    public CompletionStage<List<JournalRow>> read(
        String persistenceId, long from, long to, int maxBytes) {
      assertThat(from).isLessThanOrEqualTo(to).isLessThanOrEqualTo(rows.lastKey());
      assertThat(maxBytes).isBetween(1, 2 * MIB);
      List<JournalRow> page = new ArrayList<>();
      long bytes = 0;
      for (var row : rows.subMap(from, true, to, true).entrySet()) {
        bytes += row.getValue().length;
        if (bytes > maxBytes && !page.isEmpty()) {
          break;
        }
        page.add(new JournalRow(row.getKey(), row.getValue()));
      }
      Answer answer = new Answer(new CompletableFuture<>(), page);
      underWay.add(answer);
      mostUnderWay = Math.max(mostUnderWay, underWay.size());
      eventsRead += page.size();
      return answer.stage();
    }

    @Override
    public CompletionStage<Optional<JournalRow>> prefix(
        String persistenceId, long from, long to, int prefixBytes) {
      return CompletableFuture.completedStage(
          Optional.ofNullable(rows.ceilingEntry(from))
              .map(row -> new JournalRow(row.getKey(), row.getValue())));
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
    long records = 0;
    for (int i = 0; i < counts.length; i++) {
      long first = records;
      int size = bytes[i];
      List<Entry> entries =
          IntStream.range(0, counts[i])
              .mapToObj(index -> new Entry(Payload.utf8("x".repeat(size) + (first + index))))
              .toList();
      long event = FIRST_EVENT + i;
      journal.rows.put(
          event,
          RecordBatch.encode(entries, ProducerNotes.NONE, event, first, clock.epochMillis())
              .bytes());
      records += counts[i];
    }
    return journal;
  }

  private ShardTail tail(LateJournal journal, int[] counts) {
    return new ShardTail(
        "shard|orders~1~0",
        new ShardIdentity(1, 0),
        new TailState(
            journal.rows.lastKey(),
            IntStream.of(counts).sum(),
            FIRST_EVENT,
            SparseIndex.EMPTY,
            false),
        journal,
        new Opener(new FakeKeyStore().dataKeys(clock), "orders~1", "shard|orders~1~0"),
        new WindowBudget(0),
        clock);
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

    List<TailPage> pages = readAll(tail(journal, counts), journal, maxRecords, maxBytes, random);

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

    List<TailPage> pages = readAll(tail(journal, counts), journal, 10_000, 4 * MIB, random);

    assertThat(journal.mostUnderWay).isEqualTo(2);
    assertThat(journal.eventsRead).isLessThanOrEqualTo(counts.length + 2L * pages.size());
  }
}
