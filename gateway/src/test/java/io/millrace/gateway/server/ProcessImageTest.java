package io.millrace.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, each of which replaces itself once. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
class ProcessImageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Opens the file of its first argument, replaces itself, and then says what it finds. */
  static final class Replaced {

    public static void main(String[] arguments) throws IOException {
      String whoIsIt = ProcessHandle.current().pid() + "|" + String.join("|", arguments);
      System.out.println(whoIsIt);
      if (System.getProperty("again") == null) {
        try (var open = Files.newInputStream(Path.of(arguments[0]))) {
          open.read();
          ProcessImage.ofThisProcess().replace(List.of("-Dagain=yes", "-Dmine=ours"));
        }
      }
      System.out.println(System.getProperty("mine"));
      System.out.println(isOpen(Path.of(arguments[0]).toRealPath()));
    }

    private static boolean isOpen(Path file) throws IOException {
      try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
        return descriptors.anyMatch(descriptor -> leadsTo(descriptor, file));
      }
    }

    /** A descriptor that has been closed since it was listed leads nowhere. */
    private static boolean leadsTo(Path descriptor, Path file) {
      try {
        return Files.readSymbolicLink(descriptor).equals(file);
      } catch (NoSuchFileException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @TempDir private Path directory;

  /** An option that was given comes after the new ones, and prevails. */
  @Test
  void runsTheSameCommandInTheSameProcessWithNoFileLeftOpen() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    String[] arguments = {file.toString(), "two words", "", "caf\u00e9", "last"};
    try (ChildJvm child =
        ChildJvm.of(Replaced.class).jvmOptions("-Dmine=theirs").arguments(arguments).start()) {
      String before = line(child);
      assertThat(before).startsWith(child.pid() + "|" + file + "|two words||caf").endsWith("|last");
      assertThat(line(child)).isEqualTo(before);
      assertThat(line(child)).isEqualTo("theirs");
      assertThat(line(child)).isEqualTo("false");
      assertThat(child.awaitExit(PATIENCE)).isZero();
    }
  }

  private static String line(ChildJvm child) {
    return child.nextLine(PATIENCE).orElseThrow();
  }
}
