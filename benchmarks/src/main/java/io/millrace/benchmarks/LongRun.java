package io.millrace.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Far more than memory holds, put and read in a small JVM. */
final class LongRun implements Benchmark {

  @Override
  public String name() {
    return "long-run";
  }

  @Override
  public String about() {
    return "PutRecords of 500 x 1 KiB from 4 producers over 4 shards, each followed by a reader,"
        + " then GetRecords over everything, in a JVM with a heap of 256 MiB; the rate of each"
        + " slice, and whether it falls. After each slice is found out how much can be read without"
        + " the database: what the memory for recent records holds.";
  }

  /** What the program printed of one phase. */
  private static final class Phase {
    private final String description;
    private final List<Double> rates = new ArrayList<>();

    Phase(String description) {
      this.description = description;
    }

    void addTo(Section section) {
      if (rates.isEmpty()) {
        throw new IllegalStateException("nothing was " + description);
      }
      double[] figures = rates.stream().mapToDouble(Double::doubleValue).toArray();
      Trend trend = Trend.of(figures);
      section.add(Row.of(description + ", each slice", Row.figure(Spread.of(figures), "MB/s")));
      section.add(
          Row.of(
                  description + ", trend from first to last slice (scatter)",
                  "%+.0f %% (%.0f %%)".formatted(100 * trend.change(), 100 * trend.scatter()))
              .judged("no fall beyond the scatter", !trend.isFalling()));
      section.remark(
          description
              + ", MB/s: "
              + rates.stream()
                  .map(rate -> String.format(Locale.ROOT, "%.0f", rate))
                  .collect(Collectors.joining(" ")));
    }
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Phase put = new Phase("put");
    Phase read = new Phase("read");
    List<Double> windows = new ArrayList<>();
    List<Double> heaps = new ArrayList<>();
    double[] bound = {0};
    try (Site site = lab.database().freshSite()) {
      Path settings = Settings.write(site.settings(), site.directory().resolve("settings.conf"));
      Child.run(
          List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
          LongRunProgram.class,
          List.of(
              settings.toString(),
              Long.toString(lab.sizes().longRunBytes()),
              Long.toString(lab.sizes().sliceBytes())),
          line -> {
            Progress.say(line);
            String[] words = line.split(" ", 2);
            double figure = Double.parseDouble(words[1]);
            switch (words[0]) {
              case "put" -> put.rates.add(figure);
              case "read" -> read.rates.add(figure);
              case "window" -> windows.add(figure);
              case "heap" -> heaps.add(figure);
              case "bound" -> bound[0] = figure;
              default -> throw new IllegalArgumentException(line);
            }
          });
    }
    section.add(
        Row.of("put and read", "%,d MiB, completed".formatted(lab.sizes().longRunBytes() >> 20)));
    put.addTo(section);
    read.addTo(section);
    Spread window = Spread.of(windows.stream().mapToDouble(Double::doubleValue).toArray());
    section.add(
        Row.of("readable from memory", Row.figure(window, "MiB"))
            .judged(Bar.atMost(bound[0], " MiB"), window.max()));
    section.add(
        Row.of(
            "heap after the last collection",
            Row.figure(
                Spread.of(heaps.stream().mapToDouble(Double::doubleValue).toArray()), "MiB")));
  }
}
