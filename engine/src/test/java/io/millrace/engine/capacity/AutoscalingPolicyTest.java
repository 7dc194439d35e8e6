package io.millrace.engine.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutoscalingPolicyTest {

  private static final AutoscalingPolicy POLICY = AutoscalingPolicy.between(2, 100);
  private static final RollingQuota NO_CALLS = RollingQuota.ofShardCountUpdates();
  private static final long NOW = Duration.ofDays(20_000).toMillis();

  @Test
  void waitsForFiveMinutes() {
    RecentTraffic four = RecentTraffic.NONE;
    for (int i = 0; i < 4; i++) {
      four = four.observe(Traffic.OF_ONE_SHARD.times(10));
    }
    assertThat(POLICY.decide(four, 4, NO_CALLS, NOW).targetShardCount()).isEmpty();
    RecentTraffic five = four.observe(Traffic.OF_ONE_SHARD.times(10));
    assertThat(POLICY.decide(five, 4, NO_CALLS, NOW).targetShardCount()).hasValue(8);
  }

  @Test
  void leavesTheTargetUtilisation() {
    assertThat(target(7, 10)).isEqualTo(10);
    assertThat(POLICY.decide(minutes(7), 10, NO_CALLS, NOW).explanation())
        .isEqualTo("7.00 MiB/s and 7000 records/s in 10 shards, 10 needed at 70 %");
  }

  @Test
  void scalesOutInQuarters() {
    assertThat(target(7.1, 10)).isEqualTo(12);
    assertThat(target(8.5, 10)).isEqualTo(14);
    assertThat(target(1000, 10)).isEqualTo(20);
    assertThat(target(1000, 80)).isEqualTo(100);
  }

  @Test
  void scalesInInQuarters() {
    assertThat(target(6, 10)).isEqualTo(10);
    assertThat(target(5.6, 10)).isEqualTo(8);
    assertThat(target(0, 10)).isEqualTo(5);
    assertThat(target(0, 11)).isEqualTo(6);
    assertThat(target(0, 3)).isEqualTo(2);
    assertThat(target(0, 2)).isEqualTo(2);
  }

  @Test
  void returnsToItsBounds() {
    assertThat(target(0, 1)).isEqualTo(2);
    assertThat(target(1000, 150)).isEqualTo(113);
    assertThat(target(1000, 113)).isEqualTo(113);
  }

  @Test
  void recordsCountLikeBytes() {
    RecentTraffic recent = RecentTraffic.NONE;
    for (int i = 0; i < 5; i++) {
      recent = recent.observe(Traffic.perSecond(10, 3_600));
    }
    assertThat(POLICY.decide(recent, 4, NO_CALLS, NOW).targetShardCount()).hasValue(6);
  }

  @Test
  void stepsGrowAsCallsRunOut() {
    long later = NOW + Duration.ofHours(2).toMillis();
    assertThat(POLICY.decide(minutes(7.1), 10, calls(4), later).targetShardCount()).hasValue(12);
    assertThat(POLICY.decide(minutes(7.1), 10, calls(5), later).targetShardCount()).hasValue(15);
    assertThat(POLICY.decide(minutes(7.1), 10, calls(7), later).targetShardCount()).hasValue(15);
    assertThat(POLICY.decide(minutes(7.1), 10, calls(8), later).targetShardCount()).hasValue(20);
  }

  @Test
  void coolsDown() {
    RollingQuota called = NO_CALLS.take(NOW);
    long out = Duration.ofMinutes(15).toMillis();
    long in = Duration.ofMinutes(60).toMillis();
    assertThat(POLICY.decide(minutes(9), 10, called, NOW + out - 1).targetShardCount()).isEmpty();
    assertThat(POLICY.decide(minutes(9), 10, called, NOW + out).targetShardCount()).isPresent();
    assertThat(POLICY.decide(minutes(1), 10, called, NOW + in - 1).targetShardCount()).isEmpty();
    assertThat(POLICY.decide(minutes(1), 10, called, NOW + in).targetShardCount()).isPresent();
  }

  @Test
  void keepsHalfOfTheCallsForScalingOut() {
    long later = NOW + Duration.ofHours(2).toMillis();
    assertThat(POLICY.decide(minutes(1), 10, calls(5), later).targetShardCount()).isPresent();
    assertThat(POLICY.decide(minutes(1), 10, calls(6), later).targetShardCount()).isEmpty();
    assertThat(POLICY.decide(minutes(9), 10, calls(9), later).targetShardCount()).isPresent();
    assertThat(POLICY.decide(minutes(9), 10, calls(10), later).targetShardCount()).isEmpty();
  }

  @Test
  void everyTargetIsOneThatUpdateShardCountTakes() {
    AutoscalingPolicy policy = AutoscalingPolicy.between(1, 10_000);
    for (int open = 1; open <= 10_000; open += 1 + open / 9) {
      for (double load : new double[] {0, 0.1, 0.3, 0.5, 0.65, 0.72, 0.9, 1.2, 5}) {
        int count = open;
        policy
            .decide(minutes(load * open), open, NO_CALLS, NOW)
            .targetShardCount()
            .ifPresent(target -> assertThat(ShardCountBounds.of(count).contains(target)).isTrue());
      }
    }
  }

  @Test
  void followsADailyWaveWithinTheCallsOfADay() {
    int open = 6;
    RollingQuota calls = NO_CALLS;
    RecentTraffic recent = RecentTraffic.NONE;
    int overloaded = 0;
    for (int minute = 0; minute < 5 * 24 * 60; minute++) {
      double load = 22 - 18 * Math.cos(2 * Math.PI * minute / (24 * 60));
      recent = recent.observe(Traffic.OF_ONE_SHARD.times(load));
      overloaded += load > open ? 1 : 0;
      long now = NOW + Duration.ofMinutes(minute).toMillis();
      AutoscalingPolicy.Decision decision = POLICY.decide(recent, open, calls, now);
      if (decision.targetShardCount().isPresent()) {
        calls = calls.take(now);
        open = decision.targetShardCount().getAsInt();
      }
    }
    assertThat(overloaded).isZero();
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> AutoscalingPolicy.between(0, 1)).hasMessageContaining("0..1 shards");
    assertThatThrownBy(() -> AutoscalingPolicy.between(3, 2)).hasMessageContaining("3..2 shards");
    assertThatThrownBy(
            () -> new AutoscalingPolicy(1, 2, 101, Duration.ofMinutes(1), Duration.ofMinutes(1)))
        .hasMessageContaining("101 %");
    assertThatThrownBy(
            () -> new AutoscalingPolicy(1, 2, 70, Duration.ofDays(2), Duration.ofMinutes(1)))
        .hasMessageContaining("within 24 hours");
  }

  private static int target(double load, int open) {
    return POLICY.decide(minutes(load), open, NO_CALLS, NOW).targetShardCount().orElse(open);
  }

  private static RecentTraffic minutes(double load) {
    RecentTraffic recent = RecentTraffic.NONE;
    for (int i = 0; i < 6; i++) {
      recent = recent.observe(Traffic.OF_ONE_SHARD.times(load));
    }
    return recent;
  }

  private static RollingQuota calls(int count) {
    return new RollingQuota(
        10, Duration.ofHours(24).toMillis(), IntStream.range(0, count).mapToObj(i -> NOW).toList());
  }
}
