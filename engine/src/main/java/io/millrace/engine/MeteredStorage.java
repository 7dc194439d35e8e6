package io.millrace.engine;

import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A storage whose reads of stored events are counted.
 *
 * @param storage the storage itself
 */
record MeteredStorage(Storage storage, EngineMetrics metrics) implements Storage {

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
        return timed(() -> pages.read(persistenceId, from, to, maxBytes));
      }

      @Override
      public CompletionStage<Optional<JournalRow>> prefix(
          String persistenceId, long from, long to, int prefixBytes) {
        return timed(() -> pages.prefix(persistenceId, from, to, prefixBytes));
      }
    };
  }

  private <T> CompletionStage<T> timed(Supplier<CompletionStage<T>> read) {
    long began = metrics.nanoTime();
    return read.get()
        .whenComplete((rows, failure) -> metrics.storage().pageRead(metrics.nanoTime() - began));
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
