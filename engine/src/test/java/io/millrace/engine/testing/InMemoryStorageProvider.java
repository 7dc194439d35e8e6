package io.millrace.engine.testing;

import com.typesafe.config.Config;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageProvider;

/**
 * Opens the {@link InMemoryStore} that {@code millrace.storage.in-memory.name} names, or an empty
 * one of its own where nothing is named. {@link InMemoryStore#config} has the settings.
 */
public final class InMemoryStorageProvider implements StorageProvider {

  static final String NAME_KEY = "storage.in-memory.name";

  @Override
  public Storage open(Config millrace) {
    return millrace.hasPath(NAME_KEY)
        ? InMemoryStore.named(millrace.getString(NAME_KEY)).open()
        : InMemoryStore.fresh().open();
  }
}
