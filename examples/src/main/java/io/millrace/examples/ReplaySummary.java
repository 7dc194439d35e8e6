package io.millrace.examples;

import io.millrace.examples.EarthquakeAlarm.Heard;
import io.millrace.examples.EarthquakeApplications.Findings;
import java.time.Duration;

/**
 * What a run has done and seen.
 *
 * @param contents what the last pass over the stream found
 * @param resumed how many events were there when the run began
 * @param in the puts of this run
 * @param heard the strong ones among them, as they were pushed to a subscriber
 * @param out the last pass over the stream
 * @param findings what the applications found in it
 */
record ReplaySummary(
    StreamContents contents, int resumed, Flow in, Heard heard, Flow out, Findings findings) {

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
