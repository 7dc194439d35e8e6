package io.millrace.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of lines. */
class LineFileTest {

  @TempDir Path directory;

  @Test
  void addsLinesToWhatIsThere() throws IOException {
    Path file = directory.resolve("audit.log");
    for (String line : List.of("one", "two", "drei €")) {
      try (LineFile lines = LineFile.open(file, lost -> "lost " + lost)) {
        lines.add(line);
      }
    }

    assertThat(Files.readAllLines(file)).containsExactly("one", "two", "drei €");
  }

  /** A disk that takes nothing until it may. */
  private static final class SlowDisk extends Writer {

    private final StringWriter written = new StringWriter();
    private final CountDownLatch isAsked = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);

    @Override
    public void write(char[] characters, int from, int length) throws IOException {
      isAsked.countDown();
      try {
        mayGoOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      written.write(characters, from, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void losesWhatComesOnTopAndSaysHowMuch() throws InterruptedException {
    SlowDisk disk = new SlowDisk();
    LineFile lines = new LineFile(disk, lost -> "lost " + lost);
    lines.add("first");
    disk.isAsked.await();

    for (int i = 0; i < LineFile.MAX_WAITING + 3; i++) {
      lines.add("line " + i);
    }
    disk.mayGoOn.countDown();
    lines.close();

    List<String> written = disk.written.toString().lines().toList();
    assertThat(written)
        .hasSize(1 + LineFile.MAX_WAITING + 1)
        .startsWith("first", "line 0")
        .endsWith("line " + (LineFile.MAX_WAITING - 1), "lost 3");
  }

  @Test
  void saysWhatAFullDiskTookAway() {
    StringWriter written = new StringWriter();
    Writer disk =
        new Writer() {
          private boolean isFull = true;

          @Override
          public void write(char[] characters, int from, int length) throws IOException {
            if (isFull) {
              isFull = false;
              throw new IOException("No space left on device");
            }
            written.write(characters, from, length);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    LineFile lines = new LineFile(disk, lost -> "lost " + lost);
    lines.add("first");
    Awaits.await("the disk to refuse", () -> lines.lost() == 1);
    lines.add("second");
    lines.close();

    assertThat(written.toString()).isEqualTo("second\nlost 1\n");
  }
}
