package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.examples.EarthquakeGroup.Counted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {

  private static final Counted FIRST = new Counted("ci", List.of("ci1", "ci2"));
  private static final Counted SECOND = new Counted("nc", List.of("nc1"));

  @TempDir private Path directory;

  @Test
  void goesOnBehindTheLastCompleteLine() throws IOException {
    Path file = directory.resolve("lines.jsonl");
    JsonLines<Counted> before = new JsonLines<>(file, Counted.class);
    assertThat(before.read()).isEmpty();
    before.append(List.of(FIRST));
    Files.writeString(file, "{\"network\":\"n", StandardOpenOption.APPEND);
    JsonLines<Counted> after = new JsonLines<>(file, Counted.class);
    after.append(List.of(SECOND));
    assertThat(after.read()).containsExactly(FIRST, SECOND);
    after.delete();
    assertThat(after.read()).isEmpty();
  }
}
