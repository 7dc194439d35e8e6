package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that was measured, as Markdown; written anew after each benchmark. */
final class Report {

  private final Optional<Path> file;
  private final String conditions;
  private final List<String> parts = new ArrayList<>();

  /** A report that is also kept in a file, if one is given. */
  Report(Optional<Path> file, String conditions) {
    this.file = file;
    this.conditions = conditions;
  }

  void add(String part) throws IOException {
    System.out.println(part);
    parts.add(part);
    if (file.isPresent()) {
      Path path = file.get().toAbsolutePath();
      Files.createDirectories(path.getParent());
      Files.writeString(path, markdown());
    }
  }

  String markdown() {
    return "# Measured\n\n" + conditions + "\n" + String.join("\n", parts);
  }
}
