package io.millrace.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.Storage;

/** Opens storages without an engine. */
final class TestStorage {

  private TestStorage() {}

  /** A storage with these settings, and defaults for the rest. */
  static Storage open(Config settings) {
    return new JdbcStorageProvider()
        .open(settings.withFallback(ConfigFactory.load()).resolve().getConfig("millrace"));
  }
}
