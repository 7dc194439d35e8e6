package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.benchmarks.IngestLog.Put;
import java.util.List;
import org.junit.jupiter.api.Test;

class IngestLogTest {

  /** 1,000 records in each of four times, of which the third is twice as long. */
  private static final IngestLog LOG =
      new IngestLog(
          List.of(
              put(0, 1_000_000, 0),
              put(1_000_000, 2_000_000, 0),
              put(2_000_000, 4_000_000, 0),
              put(4_000_000, 5_000_000, 250)));

  private static Put put(long from, long to, int failed) {
    return new Put(new Interval(from, to), 1000 - failed, failed);
  }

  @Test
  void requestCountsEvenlyOverItsTime() {
    assertThat(LOG.megabytesPerSecond(new Interval(0, 1_000_000))).isEqualTo(1024);
    assertThat(LOG.megabytesPerSecond(new Interval(500_000, 1_500_000))).isEqualTo(1024);
    assertThat(LOG.megabytesPerSecond(new Interval(2_500_000, 3_500_000))).isEqualTo(512);
  }

  @Test
  void recordsThatWereNotStoredDoNotCount() {
    assertThat(LOG.megabytesPerSecond(new Interval(4_000_000, 5_000_000))).isEqualTo(768);
    assertThat(LOG.failedRecords()).isEqualTo(250);
  }

  @Test
  void slowestTimeIsFoundWithinBounds() {
    assertThat(LOG.slowest(1_000_000, new Interval(0, 4_000_000))).isEqualTo(512);
    assertThat(LOG.slowest(1_000_000, new Interval(0, 2_000_000))).isEqualTo(1024);
  }

  @Test
  void longestRequestIsAmongThoseUnderWay() {
    assertThat(LOG.longestMillis(new Interval(0, 2_500_000))).isEqualTo(2);
    assertThat(LOG.longestMillis(new Interval(0, 1_500_000))).isEqualTo(1);
  }
}
