package io.millrace.benchmarks;

import com.typesafe.config.Config;
import io.millrace.benchmarks.Filling.Filled;

/** Reading old records through GetRecords, against a plain range read of the same rows. */
final class ReadHistory implements Benchmark {

  /** Rows of about 500 KiB that make up the 10 MiB of one GetRecords. */
  private static final int ROWS_PER_READ = 20;

  @Override
  public String name() {
    return "read-history";
  }

  @Override
  public String about() {
    return "GetRecords by one reader over a whole shard of a reopened engine that has no memory for"
        + " recent records, against plain SQL reading the same rows in ranges of 20, about as much"
        + " as one GetRecords returns.";
  }

  @Override
  public void run(Lab lab, Section section) throws Exception {
    try (Site site = lab.database().freshSite()) {
      Filled filled;
      try (Engine engine = Engine.openWithStream(site.settings(), 1)) {
        filled = Filling.fill(engine, lab.sizes().readBytes());
      }
      Pairs.warmUp(() -> getRecords(lab, site, filled), () -> rangeReads(lab, site, filled));
      Pairs<Throughput, Throughput> pairs =
          Pairs.measure(
              lab.pairs(),
              () -> getRecords(lab, site, filled),
              () -> rangeReads(lab, site, filled));
      Spread ratio = pairs.ratio(Throughput::megabytesPerSecond, Throughput::megabytesPerSecond);
      section.add(
          Row.of(
                  "GetRecords over %,d records".formatted(filled.records()),
                  Row.figure(pairs.ofFirst(Throughput::megabytesPerSecond), "MB/s"),
                  Row.figure(pairs.ofSecond(Throughput::megabytesPerSecond), "MB/s"),
                  ratio)
              .judged(Bar.atLeast(0.7, ""), ratio.median()));
      section.remark(
          "MB/s by pair: "
              + pairs.list(Throughput::megabytesPerSecond, Throughput::megabytesPerSecond));
    }
  }

  private static Throughput getRecords(Lab lab, Site site, Filled filled) throws Exception {
    Config settings = Settings.with(site.settings(), "millrace.window-bytes", "0");
    try (Engine engine = Engine.open(settings)) {
      return Throughput.measure(lab.span(), bytes -> filled.read(engine, bytes));
    }
  }

  private static Throughput rangeReads(Lab lab, Site site, Filled filled) throws Exception {
    try (PlainTable table = site.plainTable();
        PlainTable.Reader reader = table.reader()) {
      PlainTable.Rows rows = table.largest();
      return Throughput.measure(
          lab.span(),
          bytes -> {
            for (long from = rows.first(); from <= rows.last(); from += ROWS_PER_READ) {
              reader.read(rows.id(), from, Math.min(rows.last(), from + ROWS_PER_READ - 1));
            }
            bytes.accept(filled.records() * Payloads.RECORD_BYTES);
          });
    }
  }
}
