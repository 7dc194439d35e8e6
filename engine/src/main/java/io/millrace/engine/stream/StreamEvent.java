package io.millrace.engine.stream;

import io.millrace.engine.capacity.Peaks;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.RecordDistributionStrategy;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.reshard.ReshardStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What happened to a stream, in the order of its life. All exist since version 0.1. */
public sealed interface StreamEvent {

  /**
   * The stream came into being with its first shards, numbered from 0 in the order of their ranges.
   * They are open only with {@link StreamActivated}.
   *
   * @param mode who decides how many shards it has
   * @param createdMillis when, epoch milliseconds
   * @param createdSeconds creation time that sequence numbers of these shards carry, epoch seconds
   * @param ranges the hash keys of each shard, together all there are
   * @param retentionHours how long records stay
   * @param maxRecordKiB the largest record
   */
  record StreamCreated(
      StreamMode mode,
      long createdMillis,
      long createdSeconds,
      List<HashKeyRange> ranges,
      int retentionHours,
      int maxRecordKiB)
      implements StreamEvent {

    public StreamCreated {
      ranges = List.copyOf(ranges);
    }
  }

  /** Every first shard is open: the stream takes puts and reads. */
  record StreamActivated() implements StreamEvent {}

  /**
   * Records stay for another time. When it is shorter, what has expired by it at {@code
   * changedMillis} stays expired for good.
   *
   * @param hours the new retention
   * @param changedMillis when it was changed, epoch milliseconds
   */
  record RetentionChanged(int hours, long changedMillis) implements StreamEvent {}

  /**
   * Another largest record for later puts.
   *
   * @param kib the new maximum, KiB
   */
  record MaxRecordSizeChanged(int kib) implements StreamEvent {}

  /**
   * Another capacity mode; shards and records stay.
   *
   * @param mode the new mode
   * @param changedMillis when it was changed, epoch milliseconds
   */
  record ModeChanged(StreamMode mode, long changedMillis) implements StreamEvent {}

  /**
   * Another warm throughput of an on-demand stream. What it means for the shards is an event of its
   * own; a switch to PROVISIONED ends it.
   *
   * @param miBps the throughput to be ready for whatever the traffic, MiB/s; 0 for none
   */
  record WarmThroughputChanged(int miBps) implements StreamEvent {}

  /**
   * Records put from here on are stored encrypted.
   *
   * @param key the master key, as it was named
   * @param startedMillis when, epoch milliseconds
   */
  record EncryptionStarted(KeyId key, long startedMillis) implements StreamEvent {}

  /**
   * Records put from here on are stored in the clear.
   *
   * @param stoppedMillis when, epoch milliseconds
   */
  record EncryptionStopped(long stoppedMillis) implements StreamEvent {}

  /**
   * What is counted of each shard has changed.
   *
   * @param shardLevelMetrics all that is counted now; never ALL
   */
  record MonitoringChanged(Set<MetricsName> shardLevelMetrics) implements StreamEvent {

    public MonitoringChanged {
      shardLevelMetrics = MetricsName.named(shardLevelMetrics);
    }
  }

  /**
   * Others choose the shards of records that are put from now on. A switch to PROVISIONED brings
   * {@code USER_PARTITION_KEY} back.
   *
   * @param strategy who chooses them
   */
  record DistributionChanged(RecordDistributionStrategy strategy) implements StreamEvent {}

  /**
   * Shards are going to give way to others: ids and ranges are fixed. Replaying it goes on with the
   * first step.
   *
   * @param steps what is to happen, one step after the other
   * @param cause who wants it
   * @param startedMillis when it was decided, epoch milliseconds
   */
  record ReshardStarted(List<ReshardStep> steps, Cause cause, long startedMillis)
      implements StreamEvent {

    public ReshardStarted {
      steps = List.copyOf(steps);
    }

    /** Who wants a reshard. */
    enum Cause {
      /** SplitShard. */
      SPLIT,
      /** MergeShards. */
      MERGE,
      /** UpdateShardCount, which is counted. */
      SHARD_COUNT,
      /** The capacity mode. */
      CAPACITY
    }
  }

  /**
   * The next step of the reshard is done: at this instant its parents closed and its children
   * opened. After the last step the stream is ACTIVE.
   *
   * @param flippedMillis when, epoch milliseconds; no record of a parent arrived later, none of a
   *     child earlier
   */
  record StepFlipped(long flippedMillis) implements StreamEvent {}

  /** These closed shards hold nothing that has not expired, and are forgotten. */
  record ShardsExpired(List<ShardId> shardIds) implements StreamEvent {

    public ShardsExpired {
      shardIds = List.copyOf(shardIds);
    }
  }

  /** Nothing is stored of these expired shards any more. */
  record ExpiredShardsFreed(List<ShardId> shardIds) implements StreamEvent {

    public ExpiredShardsFreed {
      shardIds = List.copyOf(shardIds);
    }
  }

  /**
   * The largest minutes of the stream's traffic, as the capacity rules want them back after a
   * restart.
   *
   * @param peaks the largest minute of each of the last days
   */
  record PeaksNoted(Peaks peaks) implements StreamEvent {}

  /** Something happened to a registered consumer. */
  sealed interface ConsumerEvent extends StreamEvent {

    /** Which consumer. */
    ConsumerName name();
  }

  /**
   * A consumer was registered and is CREATING.
   *
   * @param createdMillis when, epoch milliseconds; its ARN carries the second
   */
  record ConsumerRegistered(ConsumerName name, long createdMillis) implements ConsumerEvent {}

  /** The consumer is ACTIVE. */
  record ConsumerActivated(ConsumerName name) implements ConsumerEvent {}

  /** The consumer is DELETING; there is no way back. */
  record ConsumerDeregistered(ConsumerName name) implements ConsumerEvent {}

  /** The consumer is gone: its name is free, its ARN is not. */
  record ConsumerRemoved(ConsumerName name) implements ConsumerEvent {}

  /** Something was attached to the stream or to a registered consumer, or taken from it. */
  sealed interface AttachmentEvent extends StreamEvent {

    /** The consumer; empty for the stream itself. */
    Optional<ConsumerName> consumer();
  }

  /**
   * There are more tags, or keys have other values.
   *
   * @param tags those that are new or other, values by keys
   */
  record TagsAdded(Optional<ConsumerName> consumer, Map<String, String> tags)
      implements AttachmentEvent {

    public TagsAdded {
      tags = Map.copyOf(tags);
    }
  }

  /** Tags are gone. */
  record TagsRemoved(Optional<ConsumerName> consumer, List<String> keys)
      implements AttachmentEvent {

    public TagsRemoved {
      keys = List.copyOf(keys);
    }
  }

  /**
   * There is a policy, in place of the one before.
   *
   * @param policy the document, which was valid
   */
  record PolicyPut(Optional<ConsumerName> consumer, String policy) implements AttachmentEvent {}

  /** The policy is gone. */
  record PolicyDeleted(Optional<ConsumerName> consumer) implements AttachmentEvent {}

  /** The stream is being deleted with its consumers and takes no puts; there is no way back. */
  record DeletionStarted() implements StreamEvent {}

  /** Nothing of its shards is left. */
  record StreamDeleted() implements StreamEvent {}
}
