package io.millrace.persistence;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.millrace.engine.storage.JournalPages;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.storage.Storage;
import io.millrace.persistence.internal.StorageDataSource;
import java.util.concurrent.atomic.AtomicLong;

/** An open database with everything that goes through its connections. */
final class JdbcStorage implements Storage {

  private static final AtomicLong NEXT = new AtomicLong();

  private final String id;
  private final OpenDatabase database;
  private final JournalPlugin plugin;
  private final StorageThreads pageThreads;
  private final StorageThreads trimThreads;
  private final HikariDataSource pool;
  private final JdbcPages pages;
  private final JdbcTrimmer trimmer;

  JdbcStorage(OpenDatabase database, JdbcStorageSettings settings) {
    this.database = database;
    id = "jdbc-" + NEXT.incrementAndGet();
    StorageDataSource.register(id, database::connect);
    plugin = PluginConfig.of(id, database.dialect(), settings);
    pool = pool(id, settings);
    pageThreads =
        new StorageThreads(
            "millrace-" + id + "-pages",
            settings.connections().pages(),
            settings.maxWaitingReads());
    trimThreads = new StorageThreads("millrace-" + id + "-trim", 1, settings.maxWaitingReads());
    var timeouts = new Timeouts(settings.statementTimeout());
    pages = new JdbcPages(pool, pageThreads, database.dialect(), timeouts);
    trimmer = new JdbcTrimmer(pool, trimThreads, timeouts);
  }

  /** For pages and one trimmer. */
  private static HikariDataSource pool(String id, JdbcStorageSettings settings) {
    var source = new StorageDataSource();
    source.setStorage(id);
    var config = new HikariConfig();
    config.setDataSource(source);
    config.setPoolName("millrace-" + id + "-pages");
    config.setMaximumPoolSize(settings.connections().pages() + 1);
    config.setMinimumIdle(0);
    config.setIdleTimeout(60_000);
    config.setConnectionTimeout(settings.connectionTimeout().toMillis());
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  @Override
  public JournalPlugin plugin() {
    return plugin;
  }

  @Override
  public JournalPages pages() {
    return pages;
  }

  @Override
  public JournalTrimmer trimmer() {
    return trimmer;
  }

  @Override
  public boolean provesNotWritten(Throwable failure) {
    return WriteFailures.proveNotWritten(failure);
  }

  @Override
  public String describe() {
    return database.describe();
  }

  @Override
  public void close() {
    StorageDataSource.unregister(id);
    // First the pool: nobody waits for a connection any more.
    pool.close();
    trimThreads.close();
    pageThreads.close();
    database.close();
  }
}
