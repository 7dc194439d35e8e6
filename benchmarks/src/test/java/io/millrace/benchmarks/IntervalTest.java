package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntervalTest {

  private static final Interval TENTH = new Interval(100, 110);

  @Test
  void shareWithinIsThePartThatOverlaps() {
    assertThat(TENTH.shareWithin(new Interval(0, 200))).isEqualTo(1);
    assertThat(TENTH.shareWithin(new Interval(0, 103))).isEqualTo(0.3);
    assertThat(TENTH.shareWithin(new Interval(104, 106))).isEqualTo(0.2);
    assertThat(TENTH.shareWithin(new Interval(0, 50))).isEqualTo(0);
  }

  @Test
  void neighboursAreCountedFromTheStart() {
    assertThat(TENTH.fromStart(Duration.ofNanos(-20), Duration.ofNanos(30)))
        .isEqualTo(new Interval(80, 130));
  }
}
