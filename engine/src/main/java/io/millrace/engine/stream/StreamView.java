package io.millrace.engine.stream;

import io.millrace.engine.api.ReshardProgress;
import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.shard.ShardAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stream at one moment, immutable: what routers route by and what descriptions are made of. A new
 * one is published after every durable change of the stream.
 *
 * @param name its name
 * @param incarnation the life of that name
 * @param arn its ARN
 * @param status where it is in its life
 * @param mode its capacity mode
 * @param createdMillis creation time, epoch milliseconds
 * @param retentionHours how long its records stay, 24 to 8760
 * @param maxRecordBytes the largest record it takes, data and key together
 * @param shards its shards, by id; empty while CREATING
 * @param expiredMillis records that arrived then or earlier have expired, whatever the retention:
 *     an earlier, shorter one dropped them; epoch milliseconds
 * @param warmMiBps the throughput to be ready for whatever the traffic, MiB/s; 0 for none
 * @param progress how far the reshard under way has come
 * @param hotShards the shards that were hot in the last minute, the hottest first
 * @param consumers its registered consumers in any status, by name
 * @param key the master key under which new records are stored encrypted; empty when they are not
 * @param shardLevelMetrics what is counted of each of its shards; never ALL
 * @param distribution who chooses the shards of records
 * @param attachments the tags and policies of the stream and of its consumers
 */
public record StreamView(
    StreamName name,
    long incarnation,
    String arn,
    StreamStatus status,
    StreamMode mode,
    long createdMillis,
    int retentionHours,
    int maxRecordBytes,
    List<ShardView> shards,
    long expiredMillis,
    int warmMiBps,
    ReshardProgress progress,
    List<HotShardReport> hotShards,
    List<ConsumerView> consumers,
    Optional<KeyId> key,
    Set<MetricsName> shardLevelMetrics,
    RecordDistributionStrategy distribution,
    Attachments attachments) {

  /** A stream whose retention was never shortened, without warm throughput, consumers and tags. */
  public StreamView(
      StreamName name,
      long incarnation,
      String arn,
      StreamStatus status,
      StreamMode mode,
      long createdMillis,
      int retentionHours,
      int maxRecordBytes,
      List<ShardView> shards) {
    this(
        name,
        incarnation,
        arn,
        status,
        mode,
        createdMillis,
        retentionHours,
        maxRecordBytes,
        shards,
        Long.MIN_VALUE,
        0,
        ReshardProgress.NONE,
        List.of(),
        List.of(),
        Optional.empty(),
        Set.of(),
        RecordDistributionStrategy.USER_PARTITION_KEY,
        Attachments.NONE);
  }

  /**
   * Records that arrived then or earlier have expired, epoch milliseconds.
   *
   * @param nowMillis the time now, epoch milliseconds
   */
  public long expiredMillis(long nowMillis) {
    return Math.max(expiredMillis, nowMillis - Duration.ofHours(retentionHours).toMillis());
  }

  /**
   * The age from which on records have expired now: the retention, or less after it was shortened
   * and lengthened again.
   *
   * @param nowMillis the time now, epoch milliseconds
   */
  public long retentionMillis(long nowMillis) {
    return Math.max(0, nowMillis - expiredMillis(nowMillis));
  }

  /** Whether new records are stored encrypted. */
  public EncryptionType encryptionType() {
    return key.isPresent() ? EncryptionType.KMS : EncryptionType.NONE;
  }

  /** Its open shards. */
  int openShards() {
    return (int) shards.stream().filter(ShardView::isOpen).count();
  }

  /** This life of its name: {@code orders~7}. */
  String life() {
    return name.value() + "~" + incarnation;
  }

  /** The address of one of its shards. */
  public ShardAddress address(ShardId shardId) {
    return new ShardAddress(name, incarnation, shardId);
  }

  /** The shard of this id, if the stream has it. */
  public Optional<ShardView> shard(ShardId shardId) {
    return shards.stream().filter(shard -> shard.shardId().equals(shardId)).findFirst();
  }

  /** The shards that a closed one has become; none before it closes. */
  public List<ShardView> children(ShardId parent) {
    return shards.stream().filter(shard -> shard.parents().contains(parent)).toList();
  }

  /** The registered consumer of this name, if the stream has it. */
  public Optional<ConsumerView> consumer(ConsumerName name) {
    return consumers.stream().filter(consumer -> consumer.name().equals(name)).findFirst();
  }
}
