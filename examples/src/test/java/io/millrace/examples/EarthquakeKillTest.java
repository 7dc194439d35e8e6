package io.millrace.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Awaits;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The program is killed at any moment and run again. */
@Tag("database")
@Tag("process")
class EarthquakeKillTest {

  private static final int KILLS = 4;
  private static final Pattern STORED = Pattern.compile("put +([\\d,]+) of .*");
  private static final Pattern FOUND = Pattern.compile("found +([\\d,]+) of .*");

  private static ExpectedFigures expected;

  @TempDir private Path directory;

  @BeforeAll
  static void readTheFile() throws IOException {
    expected = ExpectedFigures.ofFile();
  }

  /**
   * A child process is killed again and again, each time after so many lines of its output, while
   * it opens, reads or waits for an acknowledgement. Each next one must find at least what was
   * acknowledged, and the last one makes the stream complete.
   */
  @Test
  @ExtendWith(Seeds.class)
  void goesOnAfterEachKill(Seed seed) {
    Random random = seed.random("kills");
    int acknowledged = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      int lines = 1 + random.nextInt(6);
      for (String line : linesOfKilledChild(random.nextBoolean() ? 0 : 2000, after(lines))) {
        Matcher found = FOUND.matcher(line);
        if (found.matches()) {
          assertThat(number(found))
              .as("seed %s, kill %d", seed, kill)
              .isGreaterThanOrEqualTo(acknowledged);
        }
        Matcher stored = STORED.matcher(line);
        if (stored.matches()) {
          acknowledged = number(stored);
        }
      }
    }
    ReplaySummary summary = finish();
    expected.check(summary);
    assertThat(summary.resumed()).as("seed %s", seed).isGreaterThanOrEqualTo(acknowledged);
  }

  /** The same while the group counts, and while alerts are raised. */
  @Test
  void applicationsGoOnAfterEachKill() {
    linesOfKilledChild(0, line -> line.startsWith("count "));
    linesOfKilledChild(0, line -> line.startsWith("alert ") || line.startsWith("network "));
    ReplaySummary summary = finish();
    expected.check(summary);
    assertThat(summary.resumed()).isEqualTo(expected.events());
  }

  private static Predicate<String> after(int lines) {
    AtomicInteger seen = new AtomicInteger();
    return line -> seen.incrementAndGet() == lines;
  }

  private List<String> linesOfKilledChild(int pace, Predicate<String> last) {
    List<String> seen = new ArrayList<>();
    try (ChildJvm child =
        ChildJvm.of(EarthquakeReplay.class)
            .arguments("--data", directory.toString(), "--pace", Integer.toString(pace))
            .start()) {
      for (Optional<String> line = child.nextLine(Awaits.PATIENCE);
          line.isPresent();
          line = child.nextLine(Awaits.PATIENCE)) {
        seen.add(line.get());
        if (last.test(line.get())) {
          child.kill();
        }
      }
    }
    return seen;
  }

  private ReplaySummary finish() {
    return EarthquakeReplay.run(
        new PrintStream(new ByteArrayOutputStream(), true, UTF_8), "--data", directory.toString());
  }

  private static int number(Matcher matched) {
    return Integer.parseInt(matched.group(1).replace(",", ""));
  }
}
