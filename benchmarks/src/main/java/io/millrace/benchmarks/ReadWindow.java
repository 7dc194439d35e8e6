package io.millrace.benchmarks;

import com.typesafe.config.Config;

/** Reading what was put a moment ago, against reading it from the database. */
final class ReadWindow implements Benchmark {

  private static final long RECENT_BYTES = 32L << 20;

  @Override
  public String name() {
    return "read-window";
  }

  @Override
  public String about() {
    return "GetRecords by one reader over the newest 32 MiB of a shard while they are in memory;"
        + " counted is how often the journal was read meanwhile. The same records from history,"
        + " with no memory for recent ones, for comparison.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    Pairs<Throughput, Throughput> pairs =
        Pairs.measure(lab.pairs(), () -> read(lab, "256 MiB"), () -> read(lab, "0"));
    section.add(
        Row.of(
            "GetRecords, in memory against history",
            Row.figure(pairs.ofFirst(Throughput::megabytesPerSecond), "MB/s"),
            Row.figure(pairs.ofSecond(Throughput::megabytesPerSecond), "MB/s"),
            pairs.ratio(Throughput::megabytesPerSecond, Throughput::megabytesPerSecond)));
    Spread reads = pairs.ofFirst(Throughput::databaseReads);
    section.add(
        Row.of("reads of the journal meanwhile", "%.0f".formatted(reads.max()))
            .judged(Bar.atMost(0, ""), reads.max()));
  }

  private static Throughput read(Lab lab, String window) throws Exception {
    try (Site site = lab.database().freshSite()) {
      Config settings =
          Settings.with(
              CountingStorageProvider.in(site.settings()), "millrace.window-bytes", window);
      try (Engine engine = Engine.openWithStream(settings, 1)) {
        Filling.Filled filled = Filling.fill(engine, RECENT_BYTES);
        return Throughput.measure(lab.span(), bytes -> filled.read(engine, bytes));
      }
    }
  }
}
