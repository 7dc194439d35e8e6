package io.millrace.examples.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnDemandCapacityTest {

  private static final Path DOCS = Path.of("../docs");

  @Test
  void documentationShowsWhatTheProgramMakes(@TempDir Path directory) throws IOException {
    Path chart = directory.resolve("chart.svg");
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    OnDemandCapacity.run(chart, new PrintStream(printed, true, UTF_8));
    assertThat(DOCS.resolve("on-demand-capacity.svg")).hasSameTextualContentAs(chart);
    assertThat(Files.readString(DOCS.resolve("capacity.md")))
        .contains(printed.toString(UTF_8).indent(4));
  }
}
