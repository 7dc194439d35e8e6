package io.millrace.benchmarks;

import java.util.List;

/**
 * Every PutRecords of an ingest.
 *
 * @param puts in no particular order
 */
record IngestLog(List<Put> puts) {

  /**
   * One PutRecords.
   *
   * @param underWay from the call to its answer
   * @param stored how many of its records were
   * @param failed how many were not, or perhaps not
   */
  record Put(Interval underWay, int stored, int failed) {}

  IngestLog {
    puts = List.copyOf(puts);
  }

  /**
   * The rate in a time as short as one likes: each request counts evenly over the time that it was
   * under way.
   */
  double megabytesPerSecond(Interval when) {
    double records = 0;
    for (Put put : puts) {
      records += put.stored * put.underWay.shareWithin(when);
    }
    return records * Payloads.RECORD_BYTES * 1e3 / when.nanos();
  }

  /** The lowest rate in a time of this length within a longer one. */
  double slowest(double nanos, Interval within) {
    double slowest = Double.POSITIVE_INFINITY;
    for (long from = within.from(); from + nanos <= within.to(); from += (long) (nanos / 2) + 1) {
      slowest = Math.min(slowest, megabytesPerSecond(new Interval(from, from + (long) nanos)));
    }
    return slowest;
  }

  int failedRecords() {
    return puts.stream().mapToInt(Put::failed).sum();
  }

  /** How long the slowest request took that was under way in this time, in milliseconds. */
  double longestMillis(Interval when) {
    return puts.stream()
        .map(Put::underWay)
        .filter(underWay -> underWay.shareWithin(when) > 0)
        .mapToDouble(Interval::millis)
        .max()
        .orElse(0);
  }
}
