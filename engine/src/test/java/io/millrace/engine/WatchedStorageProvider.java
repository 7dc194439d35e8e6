package io.millrace.engine;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageProvider;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens the storage of another provider and lets a test look into it while an engine has it: which
 * events are stored, and what the engine deletes when the test lets it.
 */
public final class WatchedStorageProvider implements StorageProvider {

  private static final String PROVIDER = "millrace.storage.provider";
  private static final String WATCHED = "millrace.storage.watched-provider";
  private static final String NAME = "millrace.storage.watched-as";
  private static final Map<String, Watched> OPEN = new ConcurrentHashMap<>();

  /** These settings, with the storage watched under this name. */
  static Config watching(Config settings, String name) {
    return ConfigFactory.parseMap(
            Map.of(
                PROVIDER,
                WatchedStorageProvider.class.getName(),
                WATCHED,
                settings.getString(PROVIDER),
                NAME,
                name))
        .withFallback(settings);
  }

  /** The storage that is open under this name. */
  static Watched open(String name) {
    return OPEN.get(name);
  }

  @Override
  public Storage open(Config millrace) {
    String provider = millrace.getString("storage.watched-provider");
    String name = millrace.getString("storage.watched-as");
    try {
      Watched watched =
          new Watched(
              Class.forName(provider)
                  .asSubclass(StorageProvider.class)
                  .getDeclaredConstructor()
                  .newInstance()
                  .open(millrace),
              name);
      OPEN.put(name, watched);
      return watched;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A storage that a test looks into. */
  static final class Watched implements Storage, JournalTrimmer {

    private final Storage storage;
    private final String name;
    private volatile CompletableFuture<Void> mayErase = CompletableFuture.completedFuture(null);

    Watched(Storage storage, String name) {
      this.storage = storage;
      this.name = name;
    }

    /** From now on nothing is erased, until {@link #releaseErasures}. */
    void holdErasures() {
      mayErase = new CompletableFuture<>();
    }

    /** What waited is erased, and what comes later. */
    void releaseErasures() {
      mayErase.complete(null);
    }

    @Override
    public JournalPlugin plugin() {
      return storage.plugin();
    }

    @Override
    public JournalPages pages() {
      return storage.pages();
    }

    @Override
    public JournalTrimmer trimmer() {
      return this;
    }

    @Override
    public CompletionStage<Integer> deleteEvents(String persistenceId, long below, int maxRows) {
      return storage.trimmer().deleteEvents(persistenceId, below, maxRows);
    }

    @Override
    public CompletionStage<Integer> deleteSnapshots(String persistenceId, long below) {
      return storage.trimmer().deleteSnapshots(persistenceId, below);
    }

    @Override
    public CompletionStage<Integer> erase(String persistenceId, int maxRows) {
      return mayErase.thenCompose(now -> storage.trimmer().erase(persistenceId, maxRows));
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
      OPEN.remove(name, this);
      storage.close();
    }
  }
}
