package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.testing.ManualClock;
import java.time.Duration;
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
  void waitsAQuarterOfTheLastWriteAtMostFromTheFirstPutThatWaits() {
    writeThatAnswers(64);
    clock.advance(Duration.ofSeconds(1));
    assertThat(rule.waitsForMore(1)).isTrue();
    clock.advance(Duration.ofNanos(1_999_999));
    assertThat(rule.waitsForMore(1)).isTrue();
    clock.advance(Duration.ofNanos(1));
    assertThat(rule.waitsForMore(1)).isFalse();
  }

  @Test
  void waitsABoundedNumberOfTurnsEvenIfTheClockStands() {
    writeThatAnswers(64);
    int turns = 0;
    while (rule.waitsForMore(1)) {
      assertThat(++turns).isLessThan(1_000);
    }
    assertThat(turns).isBetween(100, 999);
    writeThatAnswers(64);
    assertThat(rule.waitsForMore(1)).isTrue();
  }
}
