package io.millrace.engine.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.engine.capacity.HotShardReport.Remedy;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.reshard.OpenShard;
import io.millrace.engine.reshard.ShardMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HotShardReportTest {

  private static final List<OpenShard> OPEN = ShardMap.uniform(4).byRange();
  private static final HashKeyRange RANGE = OPEN.get(1).range();
  private static final HashKey LOW = RANGE.starting().next().next().next();
  private static final HashKey HIGH = RANGE.ending().previous().previous();

  @Test
  void coldStreamHasNone() {
    assertThat(reports(ShardMinute.of(Traffic.perSecond(500_000, 500)))).isEmpty();
  }

  @Test
  void namesTheShardItsShareAndTheMidpoint() {
    ShardMinute hot = ShardMinute.of(Traffic.perSecond(700_000, 100));
    HotShardReport report = only(hot);
    assertThat(report.shardId()).isEqualTo(new ShardId(1));
    assertThat(report.lastMinute()).isEqualTo(hot);
    assertThat(report.share()).isCloseTo(0.7, within(1e-9));
    assertThat(report.remedy()).isEqualTo(Remedy.SPLIT_AT_MIDPOINT);
    assertThat(report.splitAt()).contains(RANGE.midpoint());
  }

  @Test
  void nothingButOtherKeysHelpsAgainstOneKey() {
    HotShardReport report = only(byKey(LOW, 0.9));
    assertThat(report.remedy()).isEqualTo(Remedy.OTHER_KEYS);
    assertThat(report.splitAt()).isEmpty();
  }

  @Test
  void isolatesAKeyOnItsNarrowSide() {
    HotShardReport low = only(byKey(LOW, 0.6));
    assertThat(low.remedy()).isEqualTo(Remedy.SPLIT_ISOLATING);
    assertThat(low.splitAt()).contains(LOW.next());
    HotShardReport high = only(byKey(HIGH, 0.6));
    assertThat(high.remedy()).isEqualTo(Remedy.SPLIT_ISOLATING);
    assertThat(high.splitAt()).contains(HIGH);
  }

  @Test
  void splitsInTheMiddleWhereIsolatingIsNotAllowed() {
    assertThat(only(byKey(RANGE.starting(), 0.6)).splitAt()).contains(RANGE.midpoint());
    assertThat(only(byKey(RANGE.ending(), 0.6)).splitAt()).contains(RANGE.midpoint());
  }

  @Test
  void moreShardsHelpWhenNoneStandsOut() {
    Map<ShardId, ShardMinute> minutes = new HashMap<>();
    for (OpenShard shard : OPEN) {
      int bytes = 600_000 + shard.shardId().index();
      minutes.put(shard.shardId(), ShardMinute.of(Traffic.perSecond(bytes, 100)));
    }
    List<HotShardReport> reports = HotShardReport.of(observed(minutes), OPEN);
    assertThat(reports).extracting(HotShardReport::remedy).containsOnly(Remedy.MORE_SHARDS);
    assertThat(reports).extracting(report -> report.shardId().index()).containsExactly(3, 2, 1, 0);
  }

  private static HotShardReport only(ShardMinute minute) {
    List<HotShardReport> reports = reports(minute);
    assertThat(reports).hasSize(1);
    return reports.get(0);
  }

  /** Shard 1 with this minute, the others with 100 KB/s each. */
  private static List<HotShardReport> reports(ShardMinute minute) {
    Map<ShardId, ShardMinute> minutes = new HashMap<>();
    for (OpenShard shard : OPEN) {
      minutes.put(shard.shardId(), ShardMinute.of(Traffic.perSecond(100_000, 10)));
    }
    minutes.put(new ShardId(1), minute);
    return HotShardReport.of(observed(minutes), OPEN);
  }

  private static ShardMinute byKey(HashKey key, double share) {
    return new ShardMinute(Traffic.perSecond(700_000, 100), Optional.of(new HotKey(key, share)));
  }

  private static ObservedTraffic observed(Map<ShardId, ShardMinute> minutes) {
    return ObservedTraffic.startingWith(Peaks.ofThirtyDays()).observe(0, minutes);
  }
}
