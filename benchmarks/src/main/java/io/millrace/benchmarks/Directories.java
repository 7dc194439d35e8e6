package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories that come and go with a measurement. */
final class Directories {

  private Directories() {}

  /** A new, empty directory below this one. */
  static Path fresh(Path parent) throws IOException {
    return Files.createTempDirectory(Files.createDirectories(parent), "site-").toAbsolutePath();
  }

  /** Deletes a directory and what is in it. */
  static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
