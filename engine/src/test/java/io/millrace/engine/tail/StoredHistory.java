package io.millrace.engine.tail;

import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.encryption.Opener;
import io.millrace.engine.model.Payload;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import io.millrace.engine.testing.FakeKeyStore;
import io.millrace.engine.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The events of a shard that puts nothing any more, and the pages that a journal cuts of them. */
final class StoredHistory {

  static final long FIRST_EVENT = 2;

  private static final String SHARD = "shard|orders~1~0";

  private final NavigableMap<Long, byte[]> rows = new TreeMap<>();
  private long records;

  private record Entry(Payload data) implements RecordBatch.Entry {
    @Override
    public byte[] partitionKey() {
      return "key".getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Stores an event of these records. */
  void add(List<Payload> data, long epochMillis) {
    List<Entry> entries = data.stream().map(Entry::new).toList();
    long event = FIRST_EVENT + rows.size();
    rows.put(
        event,
        RecordBatch.encode(entries, ProducerNotes.NONE, event, records, epochMillis).bytes());
    records += entries.size();
  }

  /** The stored form of the events, by their numbers; to be spoilt by those who want to. */
  NavigableMap<Long, byte[]> rows() {
    return rows;
  }

  long records() {
    return records;
  }

  TailState state(long horizon) {
    return new TailState(rows.lastKey(), records, horizon, SparseIndex.EMPTY, false);
  }

  /** A tail that has no memory for recent records. */
  ShardTail tail(JournalPages pages, ManualClock clock) {
    return new ShardTail(
        SHARD,
        new ShardIdentity(1, 0),
        state(FIRST_EVENT),
        pages,
        new Opener(new FakeKeyStore().dataKeys(clock), "orders~1", SHARD),
        new WindowBudget(0),
        clock);
  }

  /** What {@link JournalPages#read} answers. */
  List<JournalRow> page(long from, long to, int maxBytes) {
    List<JournalRow> page = new ArrayList<>();
    long bytes = 0;
    for (var row : rows.subMap(from, true, to, true).entrySet()) {
      bytes += row.getValue().length;
      if (bytes > maxBytes && !page.isEmpty()) {
        break;
      }
      page.add(new JournalRow(row.getKey(), row.getValue().clone()));
    }
    return page;
  }

  /** What {@link JournalPages#prefix} answers; more than the prefix does no harm. */
  Optional<JournalRow> first(long from, long to) {
    return rows.subMap(from, true, to, true).entrySet().stream()
        .findFirst()
        .map(row -> new JournalRow(row.getKey(), row.getValue().clone()));
  }
}
