package io.millrace.examples;

import io.millrace.examples.EarthquakeAlarm.Heard;
import io.millrace.examples.EarthquakeApplications.Findings;
import java.time.Duration;

/**
 * What a run has done and seen.
 *
 * @param contents what the last pass over the stream found
 * @param resumed how many events were there when the run began
 * @param in the puts of this run, without those of the last day
 * @param live the puts of the last day, which came at the pace of live events
 * @param heard the strong ones of the last day, as they were pushed to a subscriber
 * @param out the last pass over the stream
 * @param findings what the applications found in it
 */
record ReplaySummary(
    StreamContents contents,
    int resumed,
    Flow in,
    Flow live,
    Heard heard,
    Flow out,
    Findings findings) {

  /** Whether all figures are those of the feed. */
  boolean isExact() {
    return contents.isExact() && findings.isExact();
  }

  /**
   * Records on their way, and how long they took.
   *
   * @param records how many
   * @param bytes their data together
   * @param time from the first request to the last answer
   */
  record Flow(int records, long bytes, Duration time) {

    static final Flow NONE = new Flow(0, 0, Duration.ZERO);

    Flow plus(Flow other) {
      return new Flow(records + other.records, bytes + other.bytes, time.plus(other.time));
    }

    double recordsPerSecond() {
      return records / seconds();
    }

    double megabytesPerSecond() {
      return bytes / seconds() / 1e6;
    }

    private double seconds() {
      return Math.max(time.toNanos(), 1) / 1e9;
    }
  }
}
