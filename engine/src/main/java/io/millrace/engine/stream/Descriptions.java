package io.millrace.engine.stream;

import io.millrace.engine.api.Consumer;
import io.millrace.engine.api.ConsumerDescription;
import io.millrace.engine.api.EnhancedMetrics;
import io.millrace.engine.api.MinimumThroughputBillingCommitmentOutput;
import io.millrace.engine.api.SequenceNumberRange;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.StreamDescription;
import io.millrace.engine.api.StreamDescriptionSummary;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.StreamSummary;
import io.millrace.engine.api.WarmThroughputObject;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.stream.StreamLookup.Registration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Streams, shards and registered consumers as the API describes them. */
final class Descriptions {

  private static final int BYTES_PER_KIB = 1024;

  private Descriptions() {}

  /** DescribeStream. */
  static StreamDescription of(StreamView stream, Page<ShardView> page) {
    return new StreamDescription(
        stream.name(),
        stream.arn(),
        stream.status(),
        new StreamModeDetails(stream.mode()),
        page.items().stream().map(Descriptions::shard).toList(),
        page.hasMore(),
        stream.retentionHours(),
        Instant.ofEpochMilli(stream.createdMillis()),
        EnhancedMetrics.of(stream.shardLevelMetrics()),
        stream.encryptionType(),
        keyId(stream));
  }

  /**
   * DescribeStreamSummary.
   *
   * @param isCommitted whether the account is committed to a minimum throughput now
   * @param channels how many channels read it
   */
  static StreamDescriptionSummary summaryOf(StreamView stream, boolean isCommitted, int channels) {
    return new StreamDescriptionSummary(
        stream.name(),
        stream.arn(),
        stream.status(),
        new StreamModeDetails(stream.mode()),
        stream.retentionHours(),
        Instant.ofEpochMilli(stream.createdMillis()),
        EnhancedMetrics.of(stream.shardLevelMetrics()),
        stream.encryptionType(),
        keyId(stream),
        stream.openShards(),
        stream.consumers().size(),
        isCommitted && stream.mode() == StreamMode.ON_DEMAND
            ? warmThroughput(stream.warmMiBps(), stream.openShards())
            : null,
        stream.maxRecordBytes() / BYTES_PER_KIB,
        channels,
        stream.mode() == StreamMode.ON_DEMAND ? stream.distribution() : null);
  }

  private static String keyId(StreamView stream) {
    return stream.key().map(KeyId::value).orElse(null);
  }

  /** A shard takes 1 MiB/s. */
  private static WarmThroughputObject warmThroughput(int targetMiBps, int openShards) {
    return new WarmThroughputObject(targetMiBps, Math.min(targetMiBps, openShards));
  }

  /** DescribeAccountSettings, UpdateAccountSettings. */
  static MinimumThroughputBillingCommitmentOutput of(Commitment commitment, long nowMillis) {
    boolean isOn = commitment.isOn(nowMillis);
    return new MinimumThroughputBillingCommitmentOutput(
        commitment.status(nowMillis),
        instant(commitment.startedMillis()),
        isOn ? null : instant(commitment.endMillis()),
        isOn ? Instant.ofEpochMilli(commitment.earliestEndMillis()) : null);
  }

  private static Instant instant(OptionalLong millis) {
    return millis.isPresent() ? Instant.ofEpochMilli(millis.getAsLong()) : null;
  }

  /** ListStreams. */
  static StreamSummary listed(StreamView stream) {
    return new StreamSummary(
        stream.name(),
        stream.arn(),
        stream.status(),
        new StreamModeDetails(stream.mode()),
        Instant.ofEpochMilli(stream.createdMillis()));
  }

  /** DescribeStreamConsumer. */
  static ConsumerDescription of(Registration found) {
    Consumer consumer = listed(found.consumer());
    return new ConsumerDescription(
        consumer.consumerName(),
        consumer.consumerARN(),
        consumer.consumerStatus(),
        consumer.consumerCreationTimestamp(),
        found.stream().arn());
  }

  /** RegisterStreamConsumer, ListStreamConsumers. */
  static Consumer listed(ConsumerView consumer) {
    return new Consumer(
        consumer.name(),
        consumer.arn(),
        consumer.status(),
        Instant.ofEpochMilli(consumer.createdMillis()));
  }

  /** ListShards, DescribeStream. */
  static Shard shard(ShardView shard) {
    return new Shard(
        shard.shardId(),
        parent(shard.parents(), 0),
        parent(shard.parents(), 1),
        shard.range(),
        new SequenceNumberRange(
            shard.startingSequenceNumber(), shard.endingSequenceNumber().orElse(null)));
  }

  private static ShardId parent(List<ShardId> parents, int index) {
    return index < parents.size() ? parents.get(index) : null;
  }
}
