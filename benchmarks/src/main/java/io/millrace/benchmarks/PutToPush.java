package io.millrace.benchmarks;

import io.millrace.benchmarks.PacedPuts.Delays;
import java.util.ArrayList;
import java.util.List;

/** How old a record is when it is pushed to a subscriber. */
final class PutToPush implements Benchmark {

  @Override
  public String name() {
    return "put-to-push";
  }

  @Override
  public String about() {
    return "1,000 records of 1 KiB a second to one shard, each put at its own time whether or not"
        + " earlier ones are answered; measured from that intended time to the record's arrival at"
        + " a live Reactive Streams subscriber, and to the answer to the put, which is the commit.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    List<Delays> trials = new ArrayList<>();
    for (int i = 0; i < lab.pairs(); i++) {
      Progress.say("trial %d of %d".formatted(i + 1, lab.pairs()));
      trials.add(trial(lab));
    }
    Spread p50 = PutToReadable.at(trials, 50);
    Spread p99 = PutToReadable.at(trials, 99);
    Spread commit = PutToReadable.answeredAt(trials, 50);
    section.add(Row.of("put to its answer, p50", Row.figure(commit, "ms")));
    section.add(
        Row.of("put to push, p50", Row.figure(p50, "ms"))
            .judged(Bar.atMost(3 + commit.median(), " ms"), p50.median()));
    section.add(
        Row.of("put to push, p99", Row.figure(p99, "ms"))
            .judged(Bar.atMost(20, " ms"), p99.median()));
    section.add(Row.of("put to push, longest", Row.figure(PutToReadable.at(trials, 100), "ms")));
  }

  private static Delays trial(Lab lab) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), 1)) {
      PacedPuts puts = new PacedPuts(engine, lab.span(), 1);
      PushSubscriber subscriber =
          PushSubscriber.start(engine.push(0), pushed -> puts.arrived(pushed.records()));
      subscriber.await(puts.run()[0]);
      return puts.delays();
    }
  }
}
