package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageProvider;
import io.millrace.persistence.JdbcStorageProvider;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/**
 * The JDBC storage, with every read of its journal counted. Readers have no other way to the
 * database.
 */
public final class CountingStorageProvider implements StorageProvider {

  private static final LongAdder READS = new LongAdder();

  public CountingStorageProvider() {}

  /** Settings that use this storage. */
  static Config in(Config settings) {
    return Settings.with(
        settings, "millrace.storage.provider", CountingStorageProvider.class.getName());
  }

  /** Reads of journals in this process so far. */
  static long reads() {
    return READS.sum();
  }

  @Override
  public Storage open(Config millrace) {
    return new Counting(new JdbcStorageProvider().open(millrace));
  }

  private record CountingPages(JournalPages pages) implements JournalPages {

    @Override
    public CompletionStage<List<JournalRow>> read(
        String persistenceId, long from, long to, int maxBytes) {
      READS.increment();
      return pages.read(persistenceId, from, to, maxBytes);
    }

    @Override
    public CompletionStage<Optional<JournalRow>> prefix(
        String persistenceId, long from, long to, int prefixBytes) {
      READS.increment();
      return pages.prefix(persistenceId, from, to, prefixBytes);
    }
  }

  private record Counting(Storage storage) implements Storage {

    @Override
    public JournalPlugin plugin() {
      return storage.plugin();
    }

    @Override
    public JournalPages pages() {
      return new CountingPages(storage.pages());
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
}
