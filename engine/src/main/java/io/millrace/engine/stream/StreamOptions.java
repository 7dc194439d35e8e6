package io.millrace.engine.stream;

import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import java.time.Duration;
import java.util.Set;

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
    Set<MetricsName> shardLevelMetrics) {

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
          Set.of());

  static StreamOptions of(StreamCreated created) {
    return new StreamOptions(
        created.mode(),
        created.retentionHours(),
        created.maxRecordKiB(),
        0,
        Long.MIN_VALUE,
        RollingQuota.ofShardCountUpdates(),
        RollingQuota.ofModeSwitches(),
        EncryptionOption.NONE,
        Set.of());
  }

  /** Records that arrived then or earlier have expired now, epoch milliseconds. */
  long expiredMillis(long nowMillis) {
    return Math.max(expiredMillis, nowMillis - Duration.ofHours(retentionHours).toMillis());
  }

  /** What has expired before a longer retention, or by a shorter one, never returns. */
  StreamOptions retaining(int hours, long nowMillis) {
    int shorter = Math.min(hours, retentionHours);
    long expired = nowMillis - Duration.ofHours(shorter).toMillis();
    return new StreamOptions(
        mode,
        hours,
        maxRecordKiB,
        warmMiBps,
        Math.max(expiredMillis, expired),
        shardCountUpdates,
        modeSwitches,
        encryption,
        shardLevelMetrics);
  }

  StreamOptions limitingRecords(int kib) {
    return new StreamOptions(
        mode,
        retentionHours,
        kib,
        warmMiBps,
        expiredMillis,
        shardCountUpdates,
        modeSwitches,
        encryption,
        shardLevelMetrics);
  }

  StreamOptions warm(int miBps) {
    return new StreamOptions(
        mode,
        retentionHours,
        maxRecordKiB,
        miBps,
        expiredMillis,
        shardCountUpdates,
        modeSwitches,
        encryption,
        shardLevelMetrics);
  }

  /** In the other mode, without warm throughput. */
  StreamOptions inMode(StreamMode next, long nowMillis) {
    return new StreamOptions(
        next,
        retentionHours,
        maxRecordKiB,
        0,
        expiredMillis,
        shardCountUpdates,
        modeSwitches.take(nowMillis),
        encryption,
        shardLevelMetrics);
  }

  StreamOptions countingShardCountUpdate(long nowMillis) {
    return new StreamOptions(
        mode,
        retentionHours,
        maxRecordKiB,
        warmMiBps,
        expiredMillis,
        shardCountUpdates.take(nowMillis),
        modeSwitches,
        encryption,
        shardLevelMetrics);
  }

  StreamOptions encrypting(EncryptionOption next) {
    return new StreamOptions(
        mode,
        retentionHours,
        maxRecordKiB,
        warmMiBps,
        expiredMillis,
        shardCountUpdates,
        modeSwitches,
        next,
        shardLevelMetrics);
  }

  StreamOptions counting(Set<MetricsName> metrics) {
    return new StreamOptions(
        mode,
        retentionHours,
        maxRecordKiB,
        warmMiBps,
        expiredMillis,
        shardCountUpdates,
        modeSwitches,
        encryption,
        metrics);
  }
}
