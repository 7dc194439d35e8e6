package io.millrace.engine.testing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.testing.InMemoryStore.ProvenNotWritten;
import io.millrace.engine.testing.InMemoryStore.StoredEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** An {@link InMemoryStore} while an engine has it open. */
public final class InMemoryStorage implements Storage {

  private static final ConcurrentHashMap<String, InMemoryStorage> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT = new AtomicLong();

  private final String id = "in-memory-" + NEXT.incrementAndGet();
  private final InMemoryStore store;
  private final ExecutorService threads;

  InMemoryStorage(InMemoryStore store) {
    this.store = store;
    this.threads =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "storage-" + id);
              thread.setDaemon(true);
              return thread;
            });
    OPEN.put(id, this);
  }

  /** The storage that a plug-in was configured for, as long as it is open. */
  static InMemoryStorage opened(String id) {
    InMemoryStorage storage = OPEN.get(id);
    if (storage == null) {
      throw new StorageException(
          StorageException.Reason.OWNERSHIP_LOST, id + " has been closed: nobody may write");
    }
    return storage;
  }

  /** What it keeps, and where a test commands its failures. */
  public InMemoryStore store() {
    return store;
  }

  @Override
  public JournalPlugin plugin() {
    return new JournalPlugin(
        "millrace-journal-" + id,
        plugin("millrace-journal-" + id, InMemoryJournal.class),
        "millrace-snapshots-" + id,
        plugin("millrace-snapshots-" + id, InMemorySnapshots.class));
  }

  private Config plugin(String path, Class<?> type) {
    return ConfigFactory.parseMap(
            Map.of(
                "class", type.getName(),
                "storage-id", id,
                "plugin-dispatcher", "pekko.actor.default-dispatcher",
                // The breaker is the database's concern; here a test says what fails, and when.
                "circuit-breaker.max-failures", 1_000_000,
                "circuit-breaker.call-timeout", "10 minutes",
                "replay-filter.mode", "fail",
                "recovery-event-timeout", "10 minutes"))
        .atPath(path);
  }

  @Override
  public JournalPages pages() {
    return new Pages();
  }

  @Override
  public JournalTrimmer trimmer() {
    return new Trimmer();
  }

  @Override
  public boolean provesNotWritten(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProvenNotWritten
          || (cause instanceof StorageException storage
              && storage.reason() == StorageException.Reason.OWNERSHIP_LOST)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String describe() {
    return "in memory, " + store.name() + ", gone with the process";
  }

  @Override
  public void close() {
    discard();
    store.closed(this);
  }

  void discard() {
    OPEN.remove(id);
    threads.shutdown();
  }

  /** Does something on a thread of the storage, once the step may be done. */
  <T> CompletableFuture<T> run(StorageStep step, String persistenceId, Supplier<T> work) {
    return store.pass(step, persistenceId).thenApplyAsync(ignored -> work.get(), threads);
  }

  private final class Pages implements JournalPages {

    @Override
    public CompletionStage<List<JournalRow>> read(
        String persistenceId, long from, long to, int maxBytes) {
      return run(StorageStep.PAGE, persistenceId, () -> page(persistenceId, from, to, maxBytes));
    }

    private List<JournalRow> page(String persistenceId, long from, long to, int maxBytes) {
      List<JournalRow> page = new ArrayList<>();
      long bytes = 0;
      for (Map.Entry<Long, StoredEvent> row : range(persistenceId, from, to).entrySet()) {
        byte[] payload = row.getValue().bytes();
        bytes += payload.length;
        if (bytes > maxBytes && !page.isEmpty()) {
          break;
        }
        page.add(new JournalRow(row.getKey(), payload.clone()));
      }
      return page;
    }

    @Override
    public CompletionStage<Optional<JournalRow>> prefix(
        String persistenceId, long from, long to, int prefixBytes) {
      return run(
          StorageStep.PREFIX,
          persistenceId,
          () ->
              range(persistenceId, from, to).entrySet().stream()
                  .findFirst()
                  .map(row -> new JournalRow(row.getKey(), cut(row.getValue(), prefixBytes))));
    }

    private static byte[] cut(StoredEvent event, int bytes) {
      return Arrays.copyOf(event.bytes(), Math.min(bytes, event.bytes().length));
    }

    private NavigableMap<Long, StoredEvent> range(String persistenceId, long from, long to) {
      NavigableMap<Long, StoredEvent> events = store.events(persistenceId);
      return from <= to
          ? events.subMap(from, true, to, true)
          : events.headMap(Long.MIN_VALUE, false);
    }
  }

  private final class Trimmer implements JournalTrimmer {

    @Override
    public CompletionStage<Integer> deleteEvents(String persistenceId, long below, int maxRows) {
      return run(
          StorageStep.DELETE_EVENTS,
          persistenceId,
          () -> removeOldest(store.events(persistenceId).headMap(below), maxRows));
    }

    @Override
    public CompletionStage<Integer> deleteSnapshots(String persistenceId, long below) {
      return run(
          StorageStep.DELETE_SNAPSHOTS,
          persistenceId,
          () -> removeOldest(store.snapshots(persistenceId).headMap(below), Integer.MAX_VALUE));
    }

    @Override
    public CompletionStage<Integer> erase(String persistenceId, int maxRows) {
      return run(
          StorageStep.ERASE,
          persistenceId,
          () -> {
            int deleted = removeOldest(store.snapshots(persistenceId), Integer.MAX_VALUE);
            return deleted > 0 ? deleted : removeOldest(store.events(persistenceId), maxRows);
          });
    }

    private static int removeOldest(Map<Long, ?> rows, int maxRows) {
      List<Long> oldest = rows.keySet().stream().limit(maxRows).toList();
      oldest.forEach(rows::remove);
      return oldest.size();
    }
  }
}
