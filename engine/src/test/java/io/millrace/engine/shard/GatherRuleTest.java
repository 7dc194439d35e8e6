package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatherRuleTest {

  private final ManualClock clock = new ManualClock();
  private final GatherRule rule = new GatherRule(clock);

  private void writeThatAnswers(int puts) {
    rule.started(puts);
    clock.advance(Duration.ofMillis(8));
    rule.finished(0);
  }

  @Test
  void firstPutNeverWaits() {
    assertThat(rule.waitsForMore(1)).isFalse();
  }

  @Test
  void callerWhoIsAloneNeverWaits() {
    writeThatAnswers(1);
    assertThat(rule.waitsForMore(1)).isFalse();
  }

  @Test
  void waitsUntilNineTenthsOfTheLastPutsAreBack() {
    writeThatAnswers(64);
    assertThat(rule.waitsForMore(1)).isTrue();
    assertThat(rule.waitsForMore(57)).isTrue();
    assertThat(rule.waitsForMore(58)).isFalse();
  }

  @Test
  void waitsForThoseWhoWereAnsweredBesideThoseWhoCameMeanwhile() {
    rule.started(32);
    clock.advance(Duration.ofMillis(8));
    rule.finished(32);
    assertThat(rule.waitsForMore(32)).isTrue();
    assertThat(rule.waitsForMore(58)).isFalse();
  }

  @Test
  void waitsAsLongAsTheLastWriteAtMostFromTheFirstPutThatWaits() {
    writeThatAnswers(64);
    clock.advance(Duration.ofSeconds(1));
    assertThat(wait64()).isEqualTo(Duration.ofMillis(8));
  }

  @Test
  void neverWaitsLongerThanABoundHoweverLongTheLastWriteTook() {
    rule.started(64);
    clock.advance(Duration.ofMinutes(1));
    rule.finished(0);
    assertThat(wait64()).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void afterThreeWaitsInVainOnlyEachEighthIsLong() {
    Duration whole = Duration.ofMillis(8);
    Duration quarter = Duration.ofMillis(2);
    writeThatAnswers(64);
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      waits.add(wait64());
      writeThatAnswers(64);
    }
    assertThat(waits)
        .containsExactly(
            whole, whole, whole, quarter, quarter, quarter, quarter, quarter, whole, quarter,
            quarter, quarter, quarter, quarter, quarter, quarter, whole, quarter);

    // One that brings them back makes the next long again; a write that needs none changes nothing.
    assertThat(rule.waitsForMore(63)).isFalse();
    writeThatAnswers(64);
    assertThat(wait64()).isEqualTo(quarter);
    writeThatAnswers(64);
    assertThat(rule.waitsForMore(1)).isTrue();
    assertThat(rule.waitsForMore(64)).isFalse();
    writeThatAnswers(64);
    assertThat(wait64()).isEqualTo(whole);
  }

  @Test
  void looksSomeTimesAtOnceAndThenWhenTheWaitIsOver() {
    writeThatAnswers(64);
    int atOnce = 0;
    assertThat(rule.waitsForMore(1)).isTrue();
    while (rule.nanosToNextLook() == 0) {
      assertThat(++atOnce).isLessThan(100);
      rule.looked();
      assertThat(rule.waitsForMore(1)).isTrue();
    }
    assertThat(atOnce).isEqualTo(32);
    clock.advance(Duration.ofMillis(3));
    assertThat(rule.nanosToNextLook()).isEqualTo(Duration.ofMillis(5).toNanos());
    // Even if the clock stands.
    rule.looked();
    assertThat(rule.waitsForMore(1)).isFalse();
  }

  /** How long it waits for 64 puts when one is there, by the clock alone. */
  private Duration wait64() {
    Duration step = Duration.ofNanos(500_000);
    Duration waited = Duration.ZERO;
    while (rule.waitsForMore(1)) {
      clock.advance(step);
      waited = waited.plus(step);
    }
    return waited;
  }
}
