package io.millrace.benchmarks;

import io.millrace.benchmarks.Load.Measured;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Single records to one shard: what group commit gives many callers, and costs one. */
final class PutSingle implements Benchmark {

  private static final int CALLERS = 64;

  @Override
  public String name() {
    return "put-single";
  }

  @Override
  public String about() {
    return "PutRecord of 1 KiB to one shard from 64 callers, each with one request in flight,"
        + " against one caller; first 64 chains of stages, then 64 threads that wait. And the one"
        + " waiting caller against one thread that inserts 1 KiB into the journal's table by plain"
        + " JDBC and commits. Beside it, what the database itself takes when one thread inserts the"
        + " records of all 64 callers as one row and commits.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    section.remark(
        WarmUp.untilCompilersAreQuiet(
            List.of(
                () -> chains(lab),
                () -> threads(lab, 1),
                () -> threads(lab, CALLERS),
                () -> insert(lab, 1),
                () -> insert(lab, CALLERS))));
    Progress.say("64 chains and 1 thread");
    addCallers(section, "64 chains against 1 thread", concurrent(lab, true));
    Progress.say("64 chains and a plain insert of 64 records");
    Pairs<Measured, Measured> bound =
        Pairs.measure(lab.pairs(), () -> chains(lab), () -> insert(lab, CALLERS));
    section.add(
        Row.of(
            "64 chains against plain inserts of 64 records",
            Row.figure(bound.ofFirst(Measured::callsPerSecond), "records/s"),
            Row.figure(bound.ofSecond(inserts -> inserts.callsPerSecond() * CALLERS), "records/s"),
            bound.ratio(Measured::callsPerSecond, inserts -> inserts.callsPerSecond() * CALLERS)));
    Progress.say("64 threads and 1 thread");
    addCallers(section, "64 threads against 1 thread", concurrent(lab, false));
    Progress.say("1 thread and a plain insert");
    Pairs<Measured, Measured> alone =
        Pairs.measure(lab.pairs(), () -> threads(lab, 1), () -> insert(lab, 1));
    Spread p50 = alone.ratio(trial -> trial.millisAt(50), trial -> trial.millisAt(50));
    section.add(
        Row.of(
                "1 thread against a plain insert, p50",
                Row.figure(alone.ofFirst(trial -> trial.millisAt(50)), "ms"),
                Row.figure(alone.ofSecond(trial -> trial.millisAt(50)), "ms"),
                p50)
            .judged(Bar.atMost(1.2, ""), p50.median()));
    section.add(
        Row.of(
            "the same, p99",
            Row.figure(alone.ofFirst(trial -> trial.millisAt(99)), "ms"),
            Row.figure(alone.ofSecond(trial -> trial.millisAt(99)), "ms"),
            alone.ratio(trial -> trial.millisAt(99), trial -> trial.millisAt(99))));
  }

  private static Pairs<Measured, Measured> concurrent(Lab lab, boolean chained) throws Exception {
    return Pairs.measure(
        lab.pairs(), () -> chained ? chains(lab) : threads(lab, CALLERS), () -> threads(lab, 1));
  }

  private static void addCallers(Section section, String what, Pairs<Measured, Measured> pairs) {
    Spread ratio = pairs.ratio(Measured::callsPerSecond, Measured::callsPerSecond);
    section.add(
        Row.of(
                what,
                Row.figure(pairs.ofFirst(Measured::callsPerSecond), "records/s"),
                Row.figure(pairs.ofSecond(Measured::callsPerSecond), "records/s"),
                ratio)
            .judged(Bar.atLeast(25, ""), ratio.median()));
    for (double percentile : new double[] {50, 99}) {
      section.add(
          Row.of(
              "latency, p%.0f".formatted(percentile),
              Row.figure(pairs.ofFirst(trial -> trial.millisAt(percentile)), "ms"),
              Row.figure(pairs.ofSecond(trial -> trial.millisAt(percentile)), "ms"),
              pairs.ratio(
                  trial -> trial.millisAt(percentile), trial -> trial.millisAt(percentile))));
    }
    section.remark(
        what
            + ", records/s by pair: "
            + pairs.list(Measured::callsPerSecond, Measured::callsPerSecond));
  }

  private static Measured threads(Lab lab, int callers) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), 1)) {
      return Load.threads(
          lab.span(),
          puts(engine, callers)
              .map(put -> (Load.BlockingCall) () -> Engine.answer(put.get()))
              .toList());
    }
  }

  private static Measured chains(Lab lab) throws Exception {
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), 1)) {
      return Load.chains(lab.span(), puts(engine, CALLERS).toList());
    }
  }

  private static Stream<Supplier<CompletionStage<PutRecordResponse>>> puts(
      Engine engine, int callers) {
    Payloads payloads = new Payloads(callers);
    return Stream.generate(
            () -> PutRecordRequest.of(Engine.STREAM, payloads.partitionKey(), payloads.record()))
        .limit(callers)
        .map(request -> () -> engine.client().putRecord(request));
  }

  private static Measured insert(Lab lab, int records) throws Exception {
    try (Site site = lab.database().freshSite();
        PlainTable table = site.plainTable();
        PlainTable.Writer writer = table.writer("plain")) {
      byte[] row = new Payloads(1).bytes(records * Payloads.RECORD_BYTES);
      return Load.threads(lab.span(), List.of(() -> writer.insert(row)));
    }
  }
}
