package io.millrace.fanout;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageProvider;
import io.millrace.engine.testing.InMemoryStorageProvider;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** A storage in memory that counts the bytes of the events that are read of its journals. */
public final class MeteredStorageProvider implements StorageProvider {

  private static final LongAdder BYTES_READ = new LongAdder();

  /** Settings that open a store through this. */
  static Config in(Config store) {
    return store.withValue(
        "millrace.storage.provider",
        ConfigValueFactory.fromAnyRef(MeteredStorageProvider.class.getName()));
  }

  /** Bytes read in this process so far. */
  static long bytesRead() {
    return BYTES_READ.sum();
  }

  @Override
  public Storage open(Config millrace) {
    return new Metered(new InMemoryStorageProvider().open(millrace));
  }

  private record Metered(Storage storage) implements Storage {

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
          return pages
              .read(persistenceId, from, to, maxBytes)
              .thenApply(
                  rows -> {
                    rows.forEach(row -> BYTES_READ.add(row.payload().length));
                    return rows;
                  });
        }

        @Override
        public CompletionStage<Optional<JournalRow>> prefix(
            String persistenceId, long from, long to, int prefixBytes) {
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
}
