package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingExampleTest {

  private static final Path SOURCE =
      Path.of("src/main/java/io/millrace/examples/EmbeddingExample.java");
  private static final Path README = Path.of("../README.md");

  @Test
  @Tag("database")
  void printsTheRecordThatItPut(@TempDir Path directory) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      EmbeddingExample.main(new String[] {directory.toString()});
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains("Payload[6 bytes]", "gauge-7");
  }

  @Test
  void isWhatTheReadmeShows() throws IOException {
    List<String> lines = Files.readAllLines(SOURCE);
    String shown =
        lines
            .subList(
                lines.indexOf("    // README: from here") + 1,
                lines.indexOf("    // README: to here"))
            .stream()
            .map(line -> line.substring(4) + "\n")
            .collect(Collectors.joining());
    assertThat(shown).isNotBlank();
    assertThat(Files.readString(README)).contains("```java\n" + shown + "```\n");
  }
}
