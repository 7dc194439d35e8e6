package io.millrace.benchmarks;

import io.millrace.engine.api.Shard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What those who put notice of a split and of a merge. */
final class ReshardIngest implements Benchmark {

  private static final int SHARDS = 4;
  private static final Duration SLICE = Duration.ofMillis(250);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(1);

  /** Slices shown before and after the call. */
  private static final int SLICES_BEFORE = 2;

  private static final int SLICES_AFTER = 6;

  @Override
  public String name() {
    return "reshard-ingest";
  }

  @Override
  public String about() {
    return "PutRecords of 500 x 1 KiB from 4 producers with one request in flight each, every batch"
        + " spread over all shards, while one shard of 4 is split, and later its children are"
        + " merged again; the rate from the call until the stream is ACTIVE, and in slices of"
        + " 250 ms, against the rate before the call. A batch counts evenly over the time that it"
        + " was under way. The slowest time of the same length in which nothing happened shows how"
        + " much the rate scatters by itself.";
  }

  /** One reshard, and the rates around it. */
  private record Round(IngestLog log, Interval reshard, Duration quiet) {

    double millis() {
      return reshard.millis();
    }

    double longestPutMillis() {
      return log.longestMillis(reshard);
    }

    double meanwhile() {
      return log.megabytesPerSecond(reshard);
    }

    /** When the round before is over, and this one has not begun. */
    private Interval timeBefore() {
      return reshard.fromStart(quiet.dividedBy(-2), Duration.ZERO);
    }

    double before() {
      return log.megabytesPerSecond(timeBefore());
    }

    double slowestBefore() {
      return log.slowest(reshard.nanos(), timeBefore());
    }

    double slice(int number) {
      return log.megabytesPerSecond(
          reshard.fromStart(SLICE.multipliedBy(number), SLICE.multipliedBy(number + 1L)));
    }

    double whenBack() {
      return log.megabytesPerSecond(reshard.fromStart(BACK_WITHIN, quiet));
    }
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Duration quiet = longer(lab.span().measured(), BACK_WITHIN.multipliedBy(2));
    List<Interval> splits = new ArrayList<>();
    List<Interval> merges = new ArrayList<>();
    IngestLog log;
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), SHARDS);
        Ingest ingest = Ingest.start(engine)) {
      ingest.goOn(lab.span().warmUp());
      Progress.say("warming up");
      split(engine);
      merge(engine);
      for (int i = 0; i < lab.pairs(); i++) {
        Progress.say("round %d of %d".formatted(i + 1, lab.pairs()));
        ingest.goOn(quiet);
        splits.add(split(engine));
        ingest.goOn(quiet);
        merges.add(merge(engine));
      }
      ingest.goOn(quiet);
      log = ingest.stop();
    }
    add(section, "split", rounds(log, splits, quiet));
    add(section, "merge", rounds(log, merges, quiet));
    section.add(
        Row.of("records not stored", "%,d".formatted(log.failedRecords()))
            .judged(Bar.atMost(0, ""), log.failedRecords()));
  }

  /** Splits the first shard. */
  private static Interval split(Engine engine) throws Exception {
    Shard whole = engine.openShards().get(0);
    return Interval.of(() -> engine.split(whole));
  }

  /** Merges the first two shards. */
  private static Interval merge(Engine engine) throws Exception {
    List<Shard> shards = engine.openShards();
    return Interval.of(() -> engine.merge(shards.get(0), shards.get(1)));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static List<Round> rounds(IngestLog log, List<Interval> reshards, Duration quiet) {
    return reshards.stream().map(reshard -> new Round(log, reshard, quiet)).toList();
  }

  private static void add(Section section, String what, List<Round> rounds) {
    section.add(
        Row.of(what + ": call until ACTIVE", Row.figure(spread(rounds, Round::millis), "ms")));
    section.add(rate(what + ": meanwhile", rounds, Round::meanwhile, Bar.atLeast(0.7, "")));
    section.add(rate("slowest time as long, before", rounds, Round::slowestBefore));
    section.add(
        rate("in the 250 ms from the call on", rounds, r -> r.slice(0), Bar.atLeast(0.7, "")));
    section.add(rate("from 1 s after the call on", rounds, Round::whenBack, Bar.atLeast(0.9, "")));
    section.add(
        Row.of("longest put meanwhile", Row.figure(spread(rounds, Round::longestPutMillis), "ms")));
    section.remark(
        what
            + ", rate in slices of 250 ms against that before, medians; the call is at |: "
            + slices(rounds, -SLICES_BEFORE, 0)
            + " | "
            + slices(rounds, 0, SLICES_AFTER));
    section.remark(
        what
            + ", rate meanwhile against that before, by round: "
            + rounds.stream()
                .map(round -> twoDigits(round.meanwhile() / round.before()))
                .collect(Collectors.joining(" ")));
  }

  private static Row rate(
      String what, List<Round> rounds, ToDoubleFunction<Round> figure, Bar expected) {
    return rate(what, rounds, figure).judged(expected, ratio(rounds, figure).median());
  }

  private static Row rate(String what, List<Round> rounds, ToDoubleFunction<Round> figure) {
    return Row.of(
        what,
        Row.figure(spread(rounds, figure), "MB/s"),
        Row.figure(spread(rounds, Round::before), "MB/s"),
        ratio(rounds, figure));
  }

  private static String slices(List<Round> rounds, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(number -> twoDigits(ratio(rounds, round -> round.slice(number)).median()))
        .collect(Collectors.joining(" "));
  }

  private static String twoDigits(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static Spread ratio(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return spread(rounds, round -> figure.applyAsDouble(round) / round.before());
  }

  private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return Spread.of(rounds.stream().mapToDouble(figure).toArray());
  }
}
