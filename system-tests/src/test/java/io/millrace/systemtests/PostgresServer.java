package io.millrace.systemtests;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A PostgreSQL server that syncs its commits, on a directory and a port that stay the same, so that
 * it can go away and come back.
 */
final class PostgresServer implements AutoCloseable {

  private final Path directory;
  private final int port;
  private EmbeddedPostgres server;

  private PostgresServer(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /** A server that runs. */
  static PostgresServer start(Path directory) {
    PostgresServer server = new PostgresServer(directory, freePort());
    server.start();
    return server;
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it, with what it holds. */
  void start() {
    try {
      server =
          EmbeddedPostgres.builder()
              .setDataDirectory(directory)
              .setCleanDataDirectory(false)
              .setPort(port)
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setPGStartupWait(Duration.ofSeconds(60))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it in order; whoever is connected is cut off. */
  void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it at once, as {@code kill -9} does. */
  void kill() {
    Optional<ProcessHandle> postmaster = postmaster();
    postmaster.ifPresent(
        process -> {
          ProcessHandle[] backends = process.descendants().toArray(ProcessHandle[]::new);
          process.destroyForcibly();
          process.onExit().join();
          for (ProcessHandle backend : backends) {
            backend.destroyForcibly();
            backend.onExit().join();
          }
        });
    stop();
  }

  private Optional<ProcessHandle> postmaster() {
    try {
      long pid = Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).get(0));
      return ProcessHandle.of(pid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Settings for a storage in this schema. */
  Config settings(String schema) {
    return ConfigFactory.parseMap(
        Map.of(
            "millrace.storage.jdbc.database",
            "postgresql",
            "millrace.storage.jdbc.postgresql.url",
            "jdbc:postgresql://localhost:" + port + "/postgres",
            "millrace.storage.jdbc.postgresql.user",
            "postgres",
            "millrace.storage.jdbc.postgresql.schema",
            schema));
  }

  /** A database for crashes, in a schema of its own. */
  CrashDatabase database(String schema) {
    return new CrashDatabase() {
      @Override
      public Config settings() {
        return PostgresServer.this.settings(schema);
      }

      @Override
      public Config settingsToVerify(boolean inPlace) {
        return settings();
      }
    };
  }

  Connection connect() throws SQLException {
    return server.getPostgresDatabase().getConnection();
  }

  @Override
  public void close() {
    stop();
  }
}
