package io.millrace.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code millrace.storage.jdbc} says. Each key is described in the module's {@code
 * reference.conf}.
 *
 * @param database which database
 * @param durability what a confirmed write has survived
 * @param directory where an H2 storage lives; from {@code millrace.storage.directory}
 * @param connectionTimeout longest wait for a connection
 * @param statementTimeout longest run of a statement; zero is no bound
 * @param connections sizes of the pools
 * @param maxWaitingReads page reads that may wait for a connection
 * @param circuitBreaker of the journal
 * @param recoveryReadAhead events read ahead per recovering actor
 * @param h2 only for H2
 * @param postgresql only for PostgreSQL
 */
public record JdbcStorageSettings(
    DatabaseKind database,
    Durability durability,
    Optional<Path> directory,
    Duration connectionTimeout,
    Duration statementTimeout,
    Connections connections,
    int maxWaitingReads,
    CircuitBreaker circuitBreaker,
    int recoveryReadAhead,
    H2 h2,
    Postgresql postgresql) {

  /** The databases a storage can live in. */
  public enum DatabaseKind {
    H2,
    POSTGRESQL
  }

  /** What a confirmed write has survived at the time it is confirmed. */
  public enum Durability {
    /** Power loss. */
    SYNCED,
    /** The end of the process, not of the machine. */
    PROCESS
  }

  /** Sizes of the connection pools. */
  public record Connections(int journal, int snapshots, int pages) {}

  /** When the journal stops trying for a while. */
  public record CircuitBreaker(int maxFailures, Duration callTimeout, Duration resetTimeout) {}

  /** The file of an H2 storage. */
  public record H2(Duration retentionTime, long cacheSizeBytes, Duration housekeepingInterval) {}

  /** The server of a PostgreSQL storage. */
  public record Postgresql(
      String url, String user, String password, String schema, Duration ownershipCheckInterval) {

    /** Without the password. */
    @Override
    public String toString() {
      return "Postgresql[url=" + url + ", user=" + user + ", schema=" + schema + "]";
    }
  }

  /**
   * Reads the settings.
   *
   * @param millrace the section {@code millrace}, complete with defaults
   * @throws StorageException with {@link Reason#MISCONFIGURED}, naming the key
   */
  public static JdbcStorageSettings of(Config millrace) {
    try {
      return read(millrace.getConfig("storage"));
    } catch (ConfigException e) {
      throw new StorageException(
          Reason.MISCONFIGURED, "millrace.storage cannot be read: " + e.getMessage(), e);
    }
  }

  private static JdbcStorageSettings read(Config storage) {
    var jdbc = storage.getConfig("jdbc");
    var connections = jdbc.getConfig("connections");
    var breaker = jdbc.getConfig("circuit-breaker");
    var h2 = jdbc.getConfig("h2");
    var postgresql = jdbc.getConfig("postgresql");
    return new JdbcStorageSettings(
        oneOf(DatabaseKind.class, jdbc, "database"),
        oneOf(Durability.class, jdbc, "durability"),
        storage.hasPath("directory") && !storage.getString("directory").isBlank()
            ? Optional.of(Path.of(storage.getString("directory")))
            : Optional.empty(),
        jdbc.getDuration("connection-timeout"),
        jdbc.getDuration("statement-timeout"),
        new Connections(
            positive(connections, "journal"),
            positive(connections, "snapshots"),
            positive(connections, "pages")),
        positive(jdbc, "max-waiting-reads"),
        new CircuitBreaker(
            positive(breaker, "max-failures"),
            breaker.getDuration("call-timeout"),
            breaker.getDuration("reset-timeout")),
        positive(jdbc, "recovery-read-ahead"),
        new H2(
            h2.getDuration("retention-time"),
            h2.getBytes("cache-size"),
            h2.getDuration("housekeeping-interval")),
        new Postgresql(
            postgresql.getString("url"),
            postgresql.getString("user"),
            postgresql.getString("password"),
            postgresql.getString("schema"),
            postgresql.getDuration("ownership-check-interval")));
  }

  private static int positive(Config config, String key) {
    var value = config.getInt(key);
    if (value < 1) {
      throw new StorageException(
          Reason.MISCONFIGURED, "millrace.storage.jdbc: " + key + " must be at least 1: " + value);
    }
    return value;
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, Config config, String key) {
    var value = config.getString(key);
    try {
      return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new StorageException(
          Reason.MISCONFIGURED,
          "millrace.storage.jdbc."
              + key
              + " must be one of "
              + java.util.Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)
              + ": "
              + value,
          e);
    }
  }
}
