package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("process")
class ChildJvmTest {

  /** One more than wait in the queue: with the last of them the reader of the output is stuck. */
  private static final int FIRST_LINES = ChildJvm.QUEUED_LINES + 1;

  /** Few enough for the pipe to hold them all, when nobody reads. */
  private static final int MORE_LINES = 1_000;

  @Test
  void whatWasPrintedBeforeTheKillIsStillRead() {
    try (ChildJvm child = ChildJvm.of(Printer.class).start()) {
      Awaits.await("the first lines", () -> child.errors().equals("first"));
      child.send("go on");
      Awaits.await("more lines", () -> child.errors().equals("first\nmore"));

      child.kill();
      assertThat(child.awaitExit(Awaits.PATIENCE)).isEqualTo(128 + 9);

      assertThat(rest(child))
          .isEqualTo(
              IntStream.range(0, FIRST_LINES + MORE_LINES).mapToObj("%d"::formatted).toList());
    }
  }

  private static List<String> rest(ChildJvm child) {
    List<String> lines = new ArrayList<>();
    for (Optional<String> line = child.nextLine(Awaits.PATIENCE);
        line.isPresent();
        line = child.nextLine(Awaits.PATIENCE)) {
      lines.add(line.get());
    }
    return lines;
  }

  /** Prints numbers in two goes, says so on its standard error, and stays. */
  static final class Printer {

    private Printer() {}

    public static void main(String[] arguments) {
      Scanner input = new Scanner(System.in, StandardCharsets.UTF_8);
      print(0, FIRST_LINES, "first");
      input.nextLine();
      print(FIRST_LINES, FIRST_LINES + MORE_LINES, "more");
      input.nextLine();
    }

    private static void print(int from, int to, String name) {
      IntStream.range(from, to).forEach(System.out::println);
      System.out.flush();
      System.err.println(name);
    }
  }
}
