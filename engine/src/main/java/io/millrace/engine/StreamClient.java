package io.millrace.engine;

import io.millrace.engine.api.AddTagsToStreamRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.DeleteResourcePolicyRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.DescribeAccountSettingsRequest;
import io.millrace.engine.api.DescribeAccountSettingsResponse;
import io.millrace.engine.api.DescribeLimitsRequest;
import io.millrace.engine.api.DescribeLimitsResponse;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamConsumerResponse;
import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.DescribeStreamResponse;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.DescribeStreamSummaryResponse;
import io.millrace.engine.api.DisableEnhancedMonitoringRequest;
import io.millrace.engine.api.DisableEnhancedMonitoringResponse;
import io.millrace.engine.api.EnableEnhancedMonitoringRequest;
import io.millrace.engine.api.EnableEnhancedMonitoringResponse;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetResourcePolicyRequest;
import io.millrace.engine.api.GetResourcePolicyResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.GetShardIteratorResponse;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListShardsResponse;
import io.millrace.engine.api.ListStreamConsumersRequest;
import io.millrace.engine.api.ListStreamConsumersResponse;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.ListStreamsResponse;
import io.millrace.engine.api.ListTagsForResourceRequest;
import io.millrace.engine.api.ListTagsForResourceResponse;
import io.millrace.engine.api.ListTagsForStreamRequest;
import io.millrace.engine.api.ListTagsForStreamResponse;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordResponse;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.PutResourcePolicyRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.RegisterStreamConsumerResponse;
import io.millrace.engine.api.RemoveTagsFromStreamRequest;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartStreamEncryptionRequest;
import io.millrace.engine.api.StopStreamEncryptionRequest;
import io.millrace.engine.api.TagResourceRequest;
import io.millrace.engine.api.UntagResourceRequest;
import io.millrace.engine.api.UpdateAccountSettingsRequest;
import io.millrace.engine.api.UpdateAccountSettingsResponse;
import io.millrace.engine.api.UpdateMaxRecordSizeRequest;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.api.UpdateShardCountResponse;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.UpdateStreamRecordDistributionStrategyRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputResponse;
import io.millrace.engine.model.Payload;
import java.util.concurrent.CompletionStage;

/**
 * The operations of the API, one call each.
 *
 * <p>No call blocks and none throws: whatever is wrong comes as a failed stage, with a {@link
 * io.millrace.engine.api.MillraceException} that carries the API's name of the error and says by
 * its {@link io.millrace.engine.api.MillraceException#outcome() outcome} whether to send the
 * request again. Stages complete on threads of the engine: do not block in what you attach to them.
 * Safe for any thread.
 *
 * <p>A put is acknowledged only when it is durable as configured, and can be read from then on.
 * Calls that are made one after another, each awaited, keep their order within a shard.
 */
public interface StreamClient {

  /**
   * CreateStream. Returns when the stream can be described; it takes puts once it is ACTIVE, see
   * {@link Millrace#awaitActive}.
   */
  CompletionStage<Void> createStream(CreateStreamRequest request);

  /** CreateStream: a provisioned stream with this many shards. */
  default CompletionStage<Void> createStream(String streamName, int shardCount) {
    return createStream(CreateStreamRequest.provisioned(streamName, shardCount));
  }

  /** DeleteStream. Returns when the stream is DELETING; its data go from then on. */
  CompletionStage<Void> deleteStream(DeleteStreamRequest request);

  /** DescribeStream: the stream and a page of its shards. */
  CompletionStage<DescribeStreamResponse> describeStream(DescribeStreamRequest request);

  /** DescribeStreamSummary: the stream without its shards. */
  CompletionStage<DescribeStreamSummaryResponse> describeStreamSummary(
      DescribeStreamSummaryRequest request);

  /** ListStreams: a page of the account's streams, by name. */
  CompletionStage<ListStreamsResponse> listStreams(ListStreamsRequest request);

  /** ListShards: a page of a stream's shards, perhaps filtered. */
  CompletionStage<ListShardsResponse> listShards(ListShardsRequest request);

  /** IncreaseStreamRetentionPeriod: records stay longer; those that have expired do not return. */
  CompletionStage<Void> increaseStreamRetentionPeriod(IncreaseStreamRetentionPeriodRequest request);

  /** DecreaseStreamRetentionPeriod: records stay shorter; older ones are gone at once. */
  CompletionStage<Void> decreaseStreamRetentionPeriod(DecreaseStreamRetentionPeriodRequest request);

  /** UpdateMaxRecordSize: the largest record that later puts may bring. */
  CompletionStage<Void> updateMaxRecordSize(UpdateMaxRecordSizeRequest request);

  /** EnableEnhancedMonitoring: counts these metrics of each shard too. */
  CompletionStage<EnableEnhancedMonitoringResponse> enableEnhancedMonitoring(
      EnableEnhancedMonitoringRequest request);

  /** DisableEnhancedMonitoring: counts these metrics of each shard no longer; their meters go. */
  CompletionStage<DisableEnhancedMonitoringResponse> disableEnhancedMonitoring(
      DisableEnhancedMonitoringRequest request);

  /**
   * StartStreamEncryption: records put from now on are stored encrypted. Fails with the error of
   * the master key, such as {@link io.millrace.engine.api.KMSNotFoundException}, when that cannot
   * be used now.
   */
  CompletionStage<Void> startStreamEncryption(StartStreamEncryptionRequest request);

  /** StopStreamEncryption: records put from now on are stored in the clear. */
  CompletionStage<Void> stopStreamEncryption(StopStreamEncryptionRequest request);

  /**
   * SplitShard. Returns when the stream is UPDATING; it is ACTIVE again when the shard has given
   * way to its children. Puts meanwhile are answered as ever.
   */
  CompletionStage<Void> splitShard(SplitShardRequest request);

  /** MergeShards. Returns when the stream is UPDATING, like {@link #splitShard}. */
  CompletionStage<Void> mergeShards(MergeShardsRequest request);

  /** UpdateShardCount. Returns when the stream is UPDATING, like {@link #splitShard}. */
  CompletionStage<UpdateShardCountResponse> updateShardCount(UpdateShardCountRequest request);

  /** UpdateStreamMode: who decides how many shards the stream has. */
  CompletionStage<Void> updateStreamMode(UpdateStreamModeRequest request);

  /**
   * UpdateStreamWarmThroughput: the throughput that an on-demand stream is ready for whatever its
   * traffic. Returns when the stream is UPDATING, if it has to grow; it is ACTIVE again when it is
   * ready.
   */
  CompletionStage<UpdateStreamWarmThroughputResponse> updateStreamWarmThroughput(
      UpdateStreamWarmThroughputRequest request);

  /** UpdateStreamRecordDistributionStrategy: who chooses the shards of records put later. */
  CompletionStage<Void> updateStreamRecordDistributionStrategy(
      UpdateStreamRecordDistributionStrategyRequest request);

  /** AddTagsToStream: gives a stream tags. */
  CompletionStage<Void> addTagsToStream(AddTagsToStreamRequest request);

  /** RemoveTagsFromStream: takes tags from a stream. */
  CompletionStage<Void> removeTagsFromStream(RemoveTagsFromStreamRequest request);

  /** ListTagsForStream: a page of a stream's tags, by key. */
  CompletionStage<ListTagsForStreamResponse> listTagsForStream(ListTagsForStreamRequest request);

  /** TagResource: gives a stream, a registered consumer or a channel tags. */
  CompletionStage<Void> tagResource(TagResourceRequest request);

  /** UntagResource: takes tags from a stream, a registered consumer or a channel. */
  CompletionStage<Void> untagResource(UntagResourceRequest request);

  /** ListTagsForResource: the tags of a stream, a registered consumer or a channel. */
  CompletionStage<ListTagsForResourceResponse> listTagsForResource(
      ListTagsForResourceRequest request);

  /**
   * PutResourcePolicy: gives a stream or a registered consumer a policy. The engine keeps it, and
   * the gateway asks it who may call; calls of this client are not subject to policies.
   */
  CompletionStage<Void> putResourcePolicy(PutResourcePolicyRequest request);

  /** GetResourcePolicy: the policy of a stream or a registered consumer. */
  CompletionStage<GetResourcePolicyResponse> getResourcePolicy(GetResourcePolicyRequest request);

  /** DeleteResourcePolicy: takes the policy from a stream or a registered consumer. */
  CompletionStage<Void> deleteResourcePolicy(DeleteResourcePolicyRequest request);

  /** DescribeLimits: what the account has, and how much it may have. */
  CompletionStage<DescribeLimitsResponse> describeLimits(DescribeLimitsRequest request);

  /** DescribeAccountSettings: whether the account is committed to a minimum throughput. */
  CompletionStage<DescribeAccountSettingsResponse> describeAccountSettings(
      DescribeAccountSettingsRequest request);

  /** UpdateAccountSettings: commits the account to a minimum throughput, or ends that. */
  CompletionStage<UpdateAccountSettingsResponse> updateAccountSettings(
      UpdateAccountSettingsRequest request);

  /** RegisterStreamConsumer. Returns when the consumer is CREATING; ACTIVE, it can subscribe. */
  CompletionStage<RegisterStreamConsumerResponse> registerStreamConsumer(
      RegisterStreamConsumerRequest request);

  /** DescribeStreamConsumer: a registered consumer. */
  CompletionStage<DescribeStreamConsumerResponse> describeStreamConsumer(
      DescribeStreamConsumerRequest request);

  /** ListStreamConsumers: a page of a stream's registered consumers, by name. */
  CompletionStage<ListStreamConsumersResponse> listStreamConsumers(
      ListStreamConsumersRequest request);

  /** DeregisterStreamConsumer. Returns when the consumer is DELETING, which ends subscriptions. */
  CompletionStage<Void> deregisterStreamConsumer(DeregisterStreamConsumerRequest request);

  /** PutRecord: stores one record. */
  CompletionStage<PutRecordResponse> putRecord(PutRecordRequest request);

  /** PutRecord: stores one record under this partition key. */
  default CompletionStage<PutRecordResponse> putRecord(
      String streamName, String partitionKey, Payload data) {
    return putRecord(PutRecordRequest.of(streamName, partitionKey, data));
  }

  /**
   * PutRecords: stores up to 500 records, each on its own. Look at the outcome of each: a response
   * may hold failures.
   */
  CompletionStage<PutRecordsResponse> putRecords(PutRecordsRequest request);

  /** GetShardIterator: a place in a shard, good for 300 seconds. */
  CompletionStage<GetShardIteratorResponse> getShardIterator(GetShardIteratorRequest request);

  /** GetRecords: records from a place on, and the place after them. */
  CompletionStage<GetRecordsResponse> getRecords(GetRecordsRequest request);
}
