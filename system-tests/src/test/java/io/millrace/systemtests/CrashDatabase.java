package io.millrace.systemtests;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Where the engine that is killed keeps its streams. */
interface CrashDatabase {

  /** Settings of the engine that writes. */
  Config settings();

  /**
   * Settings of an engine that sees what the killed one left behind.
   *
   * @param inPlace whether it opens the very database, and so closes it in order afterwards, or a
   *     copy if there can be one
   */
  Config settingsToVerify(boolean inPlace);

  /** An empty database of this kind. */
  static CrashDatabase h2(Path directory, String durability) {
    return new CrashDatabase() {
      @Override
      public Config settings() {
        return h2Settings(directory.resolve("engine"), durability);
      }

      @Override
      public Config settingsToVerify(boolean inPlace) {
        if (inPlace) {
          return settings();
        }
        Path copy = directory.resolve("copy");
        delete(copy);
        copy(directory.resolve("engine"), copy);
        return h2Settings(copy, durability);
      }
    };
  }

  /**
   * The same, but the engine that writes has one connection for events: its shards share commits.
   */
  default CrashDatabase sharingCommits() {
    var whole = this;
    return new CrashDatabase() {
      @Override
      public Config settings() {
        return ConfigFactory.parseMap(Map.of("millrace.storage.jdbc.connections.journal", 1))
            .withFallback(whole.settings());
      }

      @Override
      public Config settingsToVerify(boolean inPlace) {
        return whole.settingsToVerify(inPlace);
      }
    };
  }

  /** Settings for H2 in a directory. */
  static Config h2Settings(Path directory, String durability) {
    return ConfigFactory.parseMap(
        Map.of(
            "millrace.storage.directory",
            directory.toAbsolutePath().toString(),
            "millrace.storage.jdbc.durability",
            durability));
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a directory with all that is in it. */
  static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
