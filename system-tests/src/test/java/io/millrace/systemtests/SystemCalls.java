package io.millrace.systemtests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code strace -f -y} has seen: writes and syncs, each with its begin and end. */
record SystemCalls(List<Call> calls) {

  private static final Pattern LINE = Pattern.compile("^(\\d+) +(.*)$");
  private static final Pattern CALL = Pattern.compile("^(\\w+)\\((.*)$");
  private static final Pattern RESUMED = Pattern.compile("^<\\.\\.\\. (\\w+) resumed>(.*)$");
  private static final String UNFINISHED = " <unfinished ...>";

  /**
   * A system call.
   *
   * @param name its name
   * @param text its arguments and its result, as far as they are printed
   * @param begin the line in which it began
   * @param end the line in which it ended; later than any other if it never did
   */
  record Call(String name, String text, int begin, int end) {

    boolean isSyncOf(String file) {
      return (name.equals("fsync") || name.equals("fdatasync"))
          && text.contains(file)
          && text.endsWith("= 0");
    }

    boolean isWriteTo(String file) {
      return (name.equals("pwrite64") || name.equals("write")) && text.contains(file);
    }
  }

  /** Reads what strace has written to a file. */
  static SystemCalls read(Path trace) throws IOException {
    List<Call> calls = new ArrayList<>();
    Map<String, Call> unfinished = new HashMap<>();
    List<String> lines = Files.readAllLines(trace, StandardCharsets.ISO_8859_1);
    for (int number = 0; number < lines.size(); number++) {
      Matcher line = LINE.matcher(lines.get(number));
      if (line.matches()) {
        onLine(line.group(1), line.group(2), number, calls, unfinished);
      }
    }
    calls.addAll(unfinished.values());
    return new SystemCalls(List.copyOf(calls));
  }

  private static void onLine(
      String thread, String text, int number, List<Call> calls, Map<String, Call> unfinished) {
    Matcher resumed = RESUMED.matcher(text);
    Matcher call = CALL.matcher(text);
    if (resumed.matches()) {
      Call begun = unfinished.remove(thread);
      if (begun != null) {
        calls.add(new Call(begun.name, begun.text + resumed.group(2), begun.begin, number));
      }
    } else if (call.matches() && text.endsWith(UNFINISHED)) {
      unfinished.put(
          thread,
          new Call(
              call.group(1),
              call.group(2).substring(0, call.group(2).length() - UNFINISHED.length()),
              number,
              Integer.MAX_VALUE));
    } else if (call.matches()) {
      calls.add(new Call(call.group(1), call.group(2), number, number));
    }
  }

  List<Call> writesTo(String file) {
    return calls.stream().filter(call -> call.isWriteTo(file)).toList();
  }

  List<Call> syncsOf(String file) {
    return calls.stream().filter(call -> call.isSyncOf(file)).toList();
  }

  /** The write of this text to standard output. */
  Call reported(String text) {
    return calls.stream()
        .filter(call -> call.name.equals("write") && call.text.startsWith("1<"))
        .filter(call -> call.text.contains(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no write of " + text));
  }
}
