package io.millrace.engine.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.capacity.Peaks.Peak;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PeaksProperties {

  private static final int DAY = 24 * 60;

  private record Minute(long at, Traffic traffic) {}

  @Property(tries = 300)
  void looksBackThirtyDaysAndAtMostOneMore(@ForAll Random random) {
    List<Minute> minutes = new ArrayList<>();
    Peaks peaks = Peaks.ofThirtyDays();
    long now = 29_000_000L;
    for (int i = 0; i < 150; i++) {
      now += 1 + random.nextInt(DAY);
      Traffic traffic = new Traffic(random.nextInt(1000), random.nextInt(1000));
      minutes.add(new Minute(now, traffic));
      peaks = peaks.observe(now, traffic);
      assertThat(peaks.peaks()).hasSizeLessThanOrEqualTo(31);
      Traffic thirtyDays = maxSince(minutes, now - 30 * DAY);
      Traffic oneMore = maxSince(minutes, now - 31 * DAY);
      assertThat(thirtyDays.exceeds(peaks.max())).isFalse();
      assertThat(peaks.max().exceeds(oneMore)).isFalse();
    }
  }

  @Property(tries = 300)
  void whatIsStoredIsNeverMuchLower(@ForAll Random random) {
    Peaks peaks = Peaks.ofThirtyDays();
    Peaks stored = peaks;
    for (long minute = 0; minute < 3_000; minute += 1 + random.nextInt(60)) {
      double shards = Math.exp(random.nextDouble() * 8 - 3);
      peaks = peaks.observe(minute, Traffic.OF_ONE_SHARD.times(shards));
      if (peaks.isWorthStoringAfter(stored)) {
        stored = peaks;
      }
      double now = peaks.max().shards();
      assertThat(now - stored.max().shards()).isLessThanOrEqualTo(Math.max(1, now) / 8);
      assertThat(stored.peaks()).hasSameSizeAs(peaks.peaks());
    }
  }

  @Example
  void steadyTrafficIsStoredOnceADay() {
    Peaks peaks = Peaks.ofThirtyDays();
    Peaks stored = peaks;
    int times = 0;
    for (long minute = 0; minute < 10 * DAY; minute++) {
      peaks = peaks.observe(minute, Traffic.OF_ONE_SHARD.times(8 + minute % 7 / 10.0));
      if (peaks.isWorthStoringAfter(stored)) {
        stored = peaks;
        times++;
      }
    }
    assertThat(times).isEqualTo(10);
  }

  @Example
  void minutesOfAClockSetBackCountForTheNewestSpell() {
    Peaks peaks = Peaks.ofOneDay().observe(600, new Traffic(1, 1)).observe(480, new Traffic(5, 0));
    assertThat(peaks.peaks()).containsExactly(new Peak(10, new Traffic(5, 1)));
  }

  private static Traffic maxSince(List<Minute> minutes, long earliest) {
    return minutes.stream()
        .filter(minute -> minute.at() >= earliest)
        .map(Minute::traffic)
        .reduce(Traffic.NONE, Traffic::max);
  }
}
