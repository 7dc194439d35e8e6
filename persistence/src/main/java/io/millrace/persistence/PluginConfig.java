package io.millrace.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.persistence.internal.StorageDataSource;
import java.util.Map;

/**
 * The configuration of Pekko Persistence JDBC for one open storage: its own defaults, with those
 * mended that cost safety or memory here.
 */
final class PluginConfig {

  private PluginConfig() {}

  static JournalPlugin of(String storage, Dialect dialect, JdbcStorageSettings settings) {
    var journalId = "millrace-journal-" + storage;
    var snapshotId = "millrace-snapshots-" + storage;
    var defaults = ConfigFactory.defaultReference(PluginConfig.class.getClassLoader());
    var journal =
        journal(dialect, settings)
            .withFallback(
                pool(storage, "journal", dialect, settings.connections().journal(), settings))
            .withFallback(defaults.getConfig("jdbc-journal"));
    var snapshots =
        snapshots(settings)
            .withFallback(
                pool(storage, "snapshots", dialect, settings.connections().snapshots(), settings))
            .withFallback(defaults.getConfig("jdbc-snapshot-store"));
    return new JournalPlugin(
        journalId, journal.atPath(journalId), snapshotId, snapshots.atPath(snapshotId));
  }

  private static Config journal(Dialect dialect, JdbcStorageSettings settings) {
    return map(
        Map.entry("dao", dialect.journalDao()),
        Map.entry("replayBatchSize", settings.recoveryReadAhead()),
        Map.entry("plugin-dispatcher", "pekko.actor.default-dispatcher"),
        // Or one slow write would delay every actor's confirmation.
        Map.entry("write-response-global-order", false),
        // The default drops events silently when two writers were at work.
        Map.entry("replay-filter.mode", "fail"),
        Map.entry("replay-filter.window-size", Math.min(4, settings.recoveryReadAhead())),
        Map.entry("circuit-breaker.max-failures", settings.circuitBreaker().maxFailures()),
        Map.entry("circuit-breaker.call-timeout", settings.circuitBreaker().callTimeout()),
        Map.entry("circuit-breaker.reset-timeout", settings.circuitBreaker().resetTimeout()));
  }

  private static Config snapshots(JdbcStorageSettings settings) {
    return map(
        Map.entry("plugin-dispatcher", "pekko.actor.default-dispatcher"),
        Map.entry("circuit-breaker.max-failures", settings.circuitBreaker().maxFailures()),
        Map.entry("circuit-breaker.call-timeout", settings.circuitBreaker().callTimeout()),
        Map.entry("circuit-breaker.reset-timeout", settings.circuitBreaker().resetTimeout()));
  }

  private static Config pool(
      String storage, String name, Dialect dialect, int size, JdbcStorageSettings settings) {
    return map(
        Map.entry("slick.profile", dialect.slickProfile()),
        Map.entry("slick.db.connectionPool", "HikariCP"),
        Map.entry("slick.db.poolName", "millrace-" + storage + "-" + name),
        Map.entry("slick.db.dataSourceClassName", StorageDataSource.class.getName()),
        Map.entry("slick.db.properties.storage", storage),
        Map.entry("slick.db.numThreads", size),
        Map.entry("slick.db.maxConnections", size),
        // A plug-in lives as long as its actor system, its storage perhaps not.
        Map.entry("slick.db.minConnections", 0),
        Map.entry("slick.db.idleTimeout", "60 s"),
        Map.entry("slick.db.keepAliveConnection", false),
        Map.entry("slick.db.connectionTimeout", settings.connectionTimeout()));
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Config map(Map.Entry<String, ?>... entries) {
    var config = ConfigFactory.empty();
    for (var entry : entries) {
      config =
          config.withValue(
              entry.getKey(),
              ConfigValueFactory.fromAnyRef(
                  entry.getValue() instanceof java.time.Duration duration
                      ? duration.toMillis() + " ms"
                      : entry.getValue()));
    }
    return config;
  }
}
