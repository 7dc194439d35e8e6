package io.millrace.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Awaits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
  private static final class SlowDisk extends OutputStream {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CountDownLatch isAsked = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);

    @Override
    public void write(int single) {
      throw new AssertionError("lines are written as a whole");
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      isAsked.countDown();
      try {
        mayGoOn.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      written.write(bytes, from, length);
    }
  }

  @Test
  void losesWhatComesOnTopAndSaysHowMuch() throws InterruptedException {
    SlowDisk disk = new SlowDisk();
    LineFile lines = new LineFile(disk, lost -> "lost " + lost);
    lines.add("first");
    disk.isAsked.await();

    String line = "x".repeat((int) LineFile.MAX_WAITING_BYTES / 8 - 1);
    for (int i = 0; i < 8 + 3; i++) {
      lines.add(line);
    }
    disk.mayGoOn.countDown();
    lines.close();

    assertThat(disk.written.toString(StandardCharsets.UTF_8).lines())
        .hasSize(1 + 8 + 1)
        .startsWith("first", line)
        .endsWith(line, "lost 3");
  }

  @Test
  void goesOnAfterALoneSurrogate() throws IOException {
    Path file = directory.resolve("audit.log");
    try (LineFile lines = LineFile.open(file, lost -> "lost " + lost)) {
      lines.add("before");
      lines.add("lone \ud800.");
      lines.add("after");
    }

    assertThat(Files.readAllLines(file)).containsExactly("before", "lone ?.", "after");
  }

  @Test
  void saysAtTheEndWhatCouldNotBeMade() throws IOException {
    Path file = directory.resolve("audit.log");
    try (LineFile lines = LineFile.open(file, lost -> "lost " + lost)) {
      lines.lose();
    }

    assertThat(Files.readAllLines(file)).containsExactly("lost 1");
  }

  @Test
  void makesAFileForItsOwnerOnly() throws IOException {
    Path file = directory.resolve("audit.log");
    LineFile.open(file, lost -> "lost " + lost).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void saysWhatAFullDiskTookAway() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    OutputStream disk =
        new OutputStream() {
          private boolean isFull = true;

          @Override
          public void write(int single) throws IOException {
            if (isFull) {
              isFull = false;
              throw new IOException("No space left on device");
            }
            written.write(single);
          }
        };
    LineFile lines = new LineFile(disk, lost -> "lost " + lost);
    lines.add("first");
    Awaits.await("the disk to refuse", () -> lines.lost() == 1);
    lines.add("second");
    lines.close();

    assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("second\nlost 1\n");
  }
}
