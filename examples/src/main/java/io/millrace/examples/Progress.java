package io.millrace.examples;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/**
 * How far something has got: a bar that is drawn over and over on a terminal, elsewhere a line now
 * and then. Safe for any thread.
 */
final class Progress implements AutoCloseable {

  private static final int BAR_WIDTH = 30;
  private static final int MAX_LINES = 10;
  private static final int MAX_DRAWINGS = 200;

  private final PrintStream out;
  private final boolean isTerminal;
  private final String what;
  private final int total;
  private int shown;

  Progress(PrintStream out, boolean isTerminal, String what, int total) {
    this.out = out;
    this.isTerminal = isTerminal;
    this.what = what;
    this.total = total;
  }

  /** Whether the standard output is read by a person. */
  @SuppressWarnings("SystemConsoleNull") // on Java 17 it is null without a terminal
  static boolean isOnTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console even without a terminal, and a method that tells.
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException olderJava) {
      return true;
    }
  }

  /** So many are done. Fewer than before are not shown. */
  synchronized void reached(int done) {
    int step = Math.max(1, total / (isTerminal ? MAX_DRAWINGS : MAX_LINES));
    if (done <= shown || (done < shown + step && done != total)) {
      return;
    }
    shown = done;
    if (isTerminal) {
      int filled = total == 0 ? BAR_WIDTH : (int) ((long) BAR_WIDTH * done / total);
      out.printf(
          Locale.ROOT,
          "\r%-6s [%s%s] %,d of %,d",
          what,
          "#".repeat(filled),
          "-".repeat(BAR_WIDTH - filled),
          done,
          total);
    } else {
      out.printf(Locale.ROOT, "%-6s %,d of %,d%n", what, done, total);
    }
    out.flush();
  }

  /** Ends the line of the bar. */
  @Override
  public synchronized void close() {
    if (isTerminal && shown > 0) {
      out.println();
    }
  }
}
