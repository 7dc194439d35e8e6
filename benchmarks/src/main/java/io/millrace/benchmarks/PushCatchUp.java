package io.millrace.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A subscriber that begins far behind, in a small JVM. */
final class PushCatchUp implements Benchmark {

  @Override
  public String name() {
    return "push-catch-up";
  }

  @Override
  public String about() {
    return "A subscriber that begins at the trim horizon of a shard of 1 GiB (or as much as given),"
        + " until it has everything, against pages of 10 MiB read from the shard's tail one after"
        + " the other; in a JVM with a heap of 256 MiB, nothing kept in memory.";
  }

  /** Rates of one trial, MB/s. */
  private record Trial(double pushed, double paged) {}

  @Override
  public void run(Lab lab, Section section) throws Exception {
    try (Site site = lab.database().freshSite()) {
      long records;
      try (Engine engine = Engine.openWithStream(site.settings(), 1)) {
        Progress.say("storing %,d MiB".formatted(lab.sizes().splitBytes() >> 20));
        records = Filling.fill(engine, lab.sizes().splitBytes()).records();
      }
      Path settings = Settings.write(site.settings(), site.directory().resolve("settings.conf"));
      List<Trial> trials = new ArrayList<>();
      Child.run(
          List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
          PushCatchUpProgram.class,
          List.of(settings.toString(), Long.toString(records), Integer.toString(lab.pairs())),
          line -> {
            Progress.say(line);
            String[] words = line.split(" ", 2);
            trials.add(new Trial(Double.parseDouble(words[0]), Double.parseDouble(words[1])));
          });
      Pairs<Trial, Trial> pairs = new Pairs<>(trials, trials);
      Spread ratio = pairs.ratio(Trial::pushed, Trial::paged);
      section.add(
          Row.of(
                  "%,d records pushed, against pages of the tail".formatted(records),
                  Row.figure(pairs.ofFirst(Trial::pushed), "MB/s"),
                  Row.figure(pairs.ofFirst(Trial::paged), "MB/s"),
                  ratio)
              .judged(Bar.atLeast(0.8, ""), ratio.median()));
    }
  }
}
