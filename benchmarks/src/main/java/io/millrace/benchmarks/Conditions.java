package io.millrace.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Under what conditions something was measured, for the head of a report. */
final class Conditions {

  private Conditions() {}

  /** As a Markdown list. */
  static String markdown(Path directory, Span span, int pairs, List<String> notes)
      throws IOException {
    Runtime runtime = Runtime.getRuntime();
    List<String> lines = new ArrayList<>();
    lines.add("Date: " + LocalDate.now(ZoneId.systemDefault()));
    lines.add(
        "JVM: %s %s, heap at most %d MiB, %s"
            .formatted(
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"),
                runtime.maxMemory() >> 20,
                ManagementFactory.getGarbageCollectorMXBeans().get(0).getName()));
    lines.add(
        String.format(
            Locale.ROOT,
            "Machine: %d cores (%s), %s %s, load %.1f when it began, files on %s",
            runtime.availableProcessors(),
            processor(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            Files.getFileStore(directory).type()));
    lines.add(
        "Each trial: warmed up for %d ms, then measured for %d ms; %d pairs, A B A B"
            .formatted(span.warmUp().toMillis(), span.measured().toMillis(), pairs));
    lines.add(
        "Figures are medians with (smallest-largest); a ratio is that of two trials side by side;"
            + " MB = 10^6 bytes of record data; limits off; random data");
    lines.addAll(notes);
    return String.join("\n", lines.stream().map(line -> "- " + line).toList()) + "\n";
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
