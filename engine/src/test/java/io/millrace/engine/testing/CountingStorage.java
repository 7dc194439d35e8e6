package io.millrace.engine.testing;

import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** A storage of any kind that counts how often its journal is read. */
public final class CountingStorage implements Storage {

  private final Storage storage;
  private final LongAdder reads;

  /**
   * Counts the reads of a storage.
   *
   * @param reads one more for each page and each beginning of an event that is asked for
   */
  public CountingStorage(Storage storage, LongAdder reads) {
    this.storage = storage;
    this.reads = reads;
  }

  @Override
  public JournalPlugin plugin() {
    return storage.plugin();
  }

  @Override
  public JournalPages pages() {
    JournalPages pages = storage.pages();
    return new JournalPages() {
      @Override
      public CompletionStage<List<JournalRow>> read(
          String persistenceId, long from, long to, int maxBytes) {
        reads.increment();
        return pages.read(persistenceId, from, to, maxBytes);
      }

      @Override
      public CompletionStage<Optional<JournalRow>> prefix(
          String persistenceId, long from, long to, int prefixBytes) {
        reads.increment();
        return pages.prefix(persistenceId, from, to, prefixBytes);
      }
    };
  }

  @Override
  public JournalTrimmer trimmer() {
    return storage.trimmer();
  }

  @Override
  public boolean provesNotWritten(Throwable failure) {
    return storage.provesNotWritten(failure);
  }

  @Override
  public String describe() {
    return storage.describe();
  }

  @Override
  public void close() {
    storage.close();
  }
}
