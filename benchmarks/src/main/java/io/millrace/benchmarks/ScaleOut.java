package io.millrace.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A stream that grows sixteenfold while it is put to. */
final class ScaleOut implements Benchmark {

  private static final int FEWEST = 4;
  private static final int DOUBLINGS = 4;

  @Override
  public String name() {
    return "scale-out";
  }

  @Override
  public String about() {
    return "UpdateShardCount from 4 to 8, 16, 32 and 64 shards, each as soon as the one before is"
        + " done, while 4 producers put batches of 500 x 1 KiB spread over all shards; the time of"
        + " each doubling from the call until the stream is ACTIVE, the records that were not"
        + " stored, and the longest put.";
  }

  /**
   * One growth from the fewest shards to the most.
   *
   * @param doublings the time of each
   * @param span how long the rate is taken before and after
   * @param log every put, from before the first doubling until after the last
   */
  private record Growth(List<Interval> doublings, Duration span, IngestLog log) {

    private Interval scaling() {
      return new Interval(doublings.get(0).from(), doublings.get(DOUBLINGS - 1).to());
    }

    double millis() {
      return scaling().millis();
    }

    double longestPutMillis() {
      return log.longestMillis(scaling());
    }

    double longestPutMillisBefore() {
      return log.longestMillis(timeBefore());
    }

    private Interval timeBefore() {
      return scaling().fromStart(span.negated(), Duration.ZERO);
    }

    double before() {
      return log.megabytesPerSecond(timeBefore());
    }

    double meanwhile() {
      return log.megabytesPerSecond(scaling());
    }

    double after() {
      long end = scaling().to();
      return log.megabytesPerSecond(new Interval(end, end + span.toNanos()));
    }
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    List<Growth> growths = new ArrayList<>();
    for (int i = 0; i < lab.pairs(); i++) {
      Progress.say("trial %d of %d".formatted(i + 1, lab.pairs()));
      growths.add(grow(lab));
    }
    for (int i = 0; i < DOUBLINGS; i++) {
      int doubling = i;
      section.add(
          Row.of(
              "%d to %d shards".formatted(FEWEST << i, FEWEST << (i + 1)),
              Row.figure(
                  spread(growths, growth -> growth.doublings().get(doubling).millis()), "ms")));
    }
    section.add(Row.of("all together", Row.figure(spread(growths, Growth::millis), "ms")));
    int failed = growths.stream().mapToInt(growth -> growth.log().failedRecords()).sum();
    section.add(
        Row.of("records not stored", "%,d".formatted(failed)).judged(Bar.atMost(0, ""), failed));
    section.add(
        Row.of(
            "longest put meanwhile, against before",
            Row.figure(spread(growths, Growth::longestPutMillis), "ms"),
            Row.figure(spread(growths, Growth::longestPutMillisBefore), "ms"),
            ratio(growths, Growth::longestPutMillis, Growth::longestPutMillisBefore)));
    section.add(rate("ingest meanwhile, against before", growths, Growth::meanwhile));
    section.add(rate("ingest with 64 shards, against 4", growths, Growth::after));
  }

  private static Growth grow(Lab lab) throws Exception {
    Duration span = lab.span().measured();
    try (Site site = lab.database().freshSite();
        Engine engine = Engine.openWithStream(site.settings(), FEWEST);
        Ingest ingest = Ingest.start(engine)) {
      ingest.goOn(lab.span().warmUp());
      ingest.goOn(span);
      List<Interval> doublings = new ArrayList<>();
      for (int i = 1; i <= DOUBLINGS; i++) {
        int target = FEWEST << i;
        doublings.add(Interval.of(() -> engine.scaleTo(target)));
      }
      ingest.goOn(span);
      int shards = engine.openShards().size();
      if (shards != FEWEST << DOUBLINGS) {
        throw new IllegalStateException("scaled out to " + shards + " shards");
      }
      return new Growth(doublings, span, ingest.stop());
    }
  }

  private static Row rate(String what, List<Growth> growths, ToDoubleFunction<Growth> figure) {
    return Row.of(
        what,
        Row.figure(spread(growths, figure), "MB/s"),
        Row.figure(spread(growths, Growth::before), "MB/s"),
        ratio(growths, figure, Growth::before));
  }

  private static Spread ratio(
      List<Growth> growths, ToDoubleFunction<Growth> figure, ToDoubleFunction<Growth> baseline) {
    return spread(growths, growth -> figure.applyAsDouble(growth) / baseline.applyAsDouble(growth));
  }

  private static Spread spread(List<Growth> growths, ToDoubleFunction<Growth> figure) {
    return Spread.of(growths.stream().mapToDouble(figure).toArray());
  }
}
