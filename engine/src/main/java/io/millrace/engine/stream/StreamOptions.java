package io.millrace.engine.stream;

import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.stream.StreamEvent.StreamCreated;
import java.time.Duration;

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
          RecordDistributionStrategy.USER_PARTITION_KEY);

  static StreamOptions of(StreamCreated created) {
    return new StreamOptions(
        created.mode(),
        created.retentionHours(),
        created.maxRecordKiB(),
        0,
        Long.MIN_VALUE,
        RollingQuota.ofShardCountUpdates(),
        RollingQuota.ofModeSwitches(),
        RecordDistributionStrategy.USER_PARTITION_KEY);
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
        distribution);
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
        distribution);
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
        distribution);
  }

  StreamOptions distributing(RecordDistributionStrategy strategy) {
    return new StreamOptions(
        mode,
        retentionHours,
        maxRecordKiB,
        warmMiBps,
        expiredMillis,
        shardCountUpdates,
        modeSwitches,
        strategy);
  }

  /** In the other mode, without warm throughput; its producers choose the shards. */
  StreamOptions inMode(StreamMode next, long nowMillis) {
    return new StreamOptions(
        next,
        retentionHours,
        maxRecordKiB,
        0,
        expiredMillis,
        shardCountUpdates,
        modeSwitches.take(nowMillis),
        RecordDistributionStrategy.USER_PARTITION_KEY);
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
        distribution);
  }
}
