package io.millrace.engine.stream;

import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What can be changed about a stream, beside its shards.
 *
 * @param mode its capacity mode
 * @param retentionHours how long records stay
 * @param maxRecordKiB the largest record
 * @param warmMiBps the throughput to be ready for whatever the traffic, MiB/s; 0 for none, and of
 *     every provisioned stream
 * @param expiredMillis records that arrived then or earlier have expired, whatever the retention,
 *     epoch milliseconds
 * @param shardCountUpdates calls of UpdateShardCount
 * @param modeSwitches calls of UpdateStreamMode that changed the mode
 * @param encryption whether new records are stored encrypted
 * @param shardLevelMetrics what is counted of each shard; never ALL
 * @param distribution who chooses the shards of records; the producers of every provisioned stream
 */
record StreamOptions(
    StreamMode mode,
    int retentionHours,
    int maxRecordKiB,
    int warmMiBps,
    long expiredMillis,
    RollingQuota shardCountUpdates,
    RollingQuota modeSwitches,
    EncryptionOption encryption,
    Set<MetricsName> shardLevelMetrics,
    RecordDistributionStrategy distribution) {

  /** Those of a stream before its first event. */
  static final StreamOptions UNBORN =
      new StreamOptions(
          StreamMode.PROVISIONED,
          0,
          0,
          0,
          Long.MIN_VALUE,
          RollingQuota.ofShardCountUpdates(),
          RollingQuota.ofModeSwitches(),
          EncryptionOption.NONE,
          Set.of(),
          RecordDistributionStrategy.USER_PARTITION_KEY);

  static StreamOptions of(StreamCreated created) {
    return UNBORN.with(
        draft -> {
          draft.mode = created.mode();
          draft.retentionHours = created.retentionHours();
          draft.maxRecordKiB = created.maxRecordKiB();
        });
  }

  /** Records that arrived then or earlier have expired now, epoch milliseconds. */
  long expiredMillis(long nowMillis) {
    return Math.max(expiredMillis, nowMillis - Duration.ofHours(retentionHours).toMillis());
  }

  /** What has expired before a longer retention, or by a shorter one, never returns. */
  StreamOptions retaining(int hours, long nowMillis) {
    int shorter = Math.min(hours, retentionHours);
    long expired = nowMillis - Duration.ofHours(shorter).toMillis();
    return with(
        draft -> {
          draft.retentionHours = hours;
          draft.expiredMillis = Math.max(expiredMillis, expired);
        });
  }

  StreamOptions limitingRecords(int kib) {
    return with(draft -> draft.maxRecordKiB = kib);
  }

  StreamOptions warm(int miBps) {
    return with(draft -> draft.warmMiBps = miBps);
  }

  StreamOptions distributing(RecordDistributionStrategy strategy) {
    return with(draft -> draft.distribution = strategy);
  }

  /** In the other mode, without warm throughput; its producers choose the shards. */
  StreamOptions inMode(StreamMode next, long nowMillis) {
    return with(
        draft -> {
          draft.mode = next;
          draft.warmMiBps = 0;
          draft.modeSwitches = modeSwitches.take(nowMillis);
          draft.distribution = RecordDistributionStrategy.USER_PARTITION_KEY;
        });
  }

  StreamOptions countingShardCountUpdate(long nowMillis) {
    return with(draft -> draft.shardCountUpdates = shardCountUpdates.take(nowMillis));
  }

  StreamOptions encrypting(EncryptionOption next) {
    return with(draft -> draft.encryption = next);
  }

  /** Counting these of each shard, and nothing else. */
  StreamOptions counting(Set<MetricsName> metrics) {
    return with(draft -> draft.shardLevelMetrics = metrics);
  }

  private StreamOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.finished();
  }

  /** Options while they are being changed. */
  private static final class Draft {
    private StreamMode mode;
    private int retentionHours;
    private int maxRecordKiB;
    private int warmMiBps;
    private long expiredMillis;
    private RollingQuota shardCountUpdates;
    private RollingQuota modeSwitches;
    private EncryptionOption encryption;
    private Set<MetricsName> shardLevelMetrics;
    private RecordDistributionStrategy distribution;

    Draft(StreamOptions from) {
      mode = from.mode;
      retentionHours = from.retentionHours;
      maxRecordKiB = from.maxRecordKiB;
      warmMiBps = from.warmMiBps;
      expiredMillis = from.expiredMillis;
      shardCountUpdates = from.shardCountUpdates;
      modeSwitches = from.modeSwitches;
      encryption = from.encryption;
      shardLevelMetrics = from.shardLevelMetrics;
      distribution = from.distribution;
    }

    StreamOptions finished() {
      return new StreamOptions(
          mode,
          retentionHours,
          maxRecordKiB,
          warmMiBps,
          expiredMillis,
          shardCountUpdates,
          modeSwitches,
          encryption,
          shardLevelMetrics,
          distribution);
    }
  }
}
