package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrendTest {

  @Test
  void straightLineHasItsSlopeAndNoScatter() {
    Trend trend = Trend.of(110, 105, 100, 95, 90);
    assertThat(trend.change()).isCloseTo(-0.2, within(1e-9));
    assertThat(trend.scatter()).isCloseTo(0, within(1e-9));
    assertThat(trend.isFalling()).isTrue();
  }

  @Test
  void noiseAroundALevelIsNoFall() {
    assertThat(Trend.of(100, 80, 120, 90, 110, 95).isFalling()).isFalse();
  }

  @Test
  void oneValueHasNoTrend() {
    assertThat(Trend.of(7)).isEqualTo(new Trend(0, 0));
  }
}
