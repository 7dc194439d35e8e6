package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageProvider;
import io.millrace.engine.testing.CountingStorage;
import io.millrace.persistence.JdbcStorageProvider;
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
    return new CountingStorage(new JdbcStorageProvider().open(millrace), READS);
  }
}
