package io.millrace.engine.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RollingQuotaProperties {

  private static final long DAY = 24 * 60 * 60 * 1000L;

  @Property
  void neverMoreThanTheLimitInAnyWindow(@ForAll Random random) {
    RollingQuota quota = RollingQuota.ofShardCountUpdates();
    List<Long> taken = new ArrayList<>();
    long now = 1_700_000_000_000L;
    for (int i = 0; i < 200; i++) {
      now += random.nextInt((int) DAY / 8);
      long from = now - DAY;
      long within = taken.stream().filter(at -> at > from).count();
      assertThat(quota.remaining(now)).isEqualTo(10 - (int) within);
      if (within < 10) {
        assertThat(quota.nextMillis(now)).isEqualTo(now);
        quota = quota.take(now);
        taken.add(now);
        assertThat(quota.newestMillis(now)).hasValue(now);
      } else {
        long next = quota.nextMillis(now);
        assertThat(quota.remaining(next - 1)).isZero();
        assertThat(quota.remaining(next)).isPositive();
      }
    }
  }

  @Example
  void twoModeSwitchesADay() {
    RollingQuota quota = RollingQuota.ofModeSwitches().take(0).take(5);
    assertThatThrownBy(() -> quota.take(DAY - 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no call before " + DAY);
    assertThat(quota.take(DAY).takenMillis()).containsExactly(5L, DAY);
  }

  @Example
  void callsAtTimesYetToComeCount() {
    RollingQuota quota = RollingQuota.ofModeSwitches().take(1_000).take(2_000);
    assertThat(quota.remaining(0)).isZero();
    assertThat(quota.nextMillis(0)).isEqualTo(1_000 + DAY);
  }
}
