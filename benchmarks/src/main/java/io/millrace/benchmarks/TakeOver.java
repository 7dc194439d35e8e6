package io.millrace.benchmarks;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How soon the shards of a killed worker are worked on again. */
final class TakeOver implements Benchmark {

  static final int FAILOVER_SECONDS = 3;

  @Override
  public String name() {
    return "take-over";
  }

  @Override
  public String about() {
    return "A process whose worker has the lease of a shard is ended without closing anything;"
        + " from the moment that the engine is open again until another worker's processor begins"
        + " on that shard. The failover time is "
        + FAILOVER_SECONDS
        + " s.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < lab.pairs(); i++) {
      Progress.say("trial %d of %d".formatted(i + 1, lab.pairs()));
      seconds.add(trial(lab));
    }
    Spread spread = Spread.of(seconds.stream().mapToDouble(Double::doubleValue).toArray());
    section.add(
        Row.of("until the next worker begins", Row.figure(spread, "s"))
            .judged(Bar.atMost(FAILOVER_SECONDS + 1, " s"), spread.median()));
  }

  private static double trial(Lab lab) throws Exception {
    try (Site site = lab.database().freshSite()) {
      Config settings =
          Settings.with(
              site.settings(), "millrace.consumers.failover-time", FAILOVER_SECONDS + "s");
      Path file = Settings.write(settings, site.directory().resolve("settings.conf"));
      Child.run(List.of(), TakeOverProgram.class, List.of(file.toString()), Progress::say);
      try (Engine engine = Engine.openAfterKill(settings, nanos -> {})) {
        long opened = System.nanoTime();
        EmptyProcessor next = TakeOverProgram.work(engine);
        return (next.awaitBegan() - opened) / 1e9;
      }
    }
  }
}
