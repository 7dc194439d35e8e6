package io.millrace.benchmarks;

import io.millrace.benchmarks.PacedPuts.Delays;
import java.util.ArrayList;
import java.util.List;

/** How old a record is when a follower gets it. */
final class PutToReadable implements Benchmark {

  @Override
  public String name() {
    return "put-to-readable";
  }

  @Override
  public String about() {
    return "1,000 records of 1 KiB a second, each put at its own time whether or not earlier ones"
        + " are answered; measured from that intended time to the record's arrival at a reader that"
        + " follows the shard, and to the answer to the put.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    for (int shards : new int[] {1, 4}) {
      String stream = shards == 1 ? "1 shard" : shards + " shards";
      List<Delays> trials = new ArrayList<>();
      for (int i = 0; i < lab.pairs(); i++) {
        Progress.say("%s, trial %d of %d".formatted(stream, i + 1, lab.pairs()));
        trials.add(trial(lab, shards));
      }
      Spread p99 = at(trials, 99);
      section.add(Row.of(stream + ", put to readable, p50", Row.figure(at(trials, 50), "ms")));
      section.add(
          Row.of(stream + ", put to readable, p99", Row.figure(p99, "ms"))
              .judged(Bar.atMost(20, " ms"), p99.median()));
      section.add(Row.of(stream + ", put to readable, longest", Row.figure(at(trials, 100), "ms")));
      section.add(
          Row.of(
              stream + ", put to its answer, p50 / p99",
              "%s / %s"
                  .formatted(
                      Row.figure(answeredAt(trials, 50), "ms"),
                      Row.figure(answeredAt(trials, 99), "ms"))));
    }
  }

  static Spread at(List<Delays> trials, double percentile) {
    return Spread.of(
        trials.stream().mapToDouble(trial -> Delays.millis(trial.arrived(), percentile)).toArray());
  }

  static Spread answeredAt(List<Delays> trials, double percentile) {
    return Spread.of(
        trials.stream()
            .mapToDouble(trial -> Delays.millis(trial.answered(), percentile))
            .toArray());
  }

  private static Delays trial(Lab lab, int shards) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), shards)) {
      PacedPuts puts = new PacedPuts(engine, lab.span(), shards);
      List<Follower> followers = new ArrayList<>();
      for (int i = 0; i < shards; i++) {
        followers.add(Follower.start(engine, engine.tail(i), page -> puts.arrived(page.records())));
      }
      long[] perShard = puts.run();
      for (int i = 0; i < shards; i++) {
        followers.get(i).await(perShard[i]);
      }
      return puts.delays();
    }
  }
}
