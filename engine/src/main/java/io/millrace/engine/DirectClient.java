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
import io.millrace.engine.api.EngineClosedException;
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
import io.millrace.engine.consumer.RecordReader;
import io.millrace.engine.router.PutRouter;
import io.millrace.engine.stream.AttachmentDesk;
import io.millrace.engine.stream.ConsumerDesk;
import io.millrace.engine.stream.StreamDesk;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Hands each operation to the room that answers it, and turns what that throws into failed stages.
 */
final class DirectClient implements StreamClient {

  private final StreamDesk streams;
  private final ConsumerDesk consumers;
  private final AttachmentDesk attachments;
  private final PutRouter puts;
  private final RecordReader reads;
  private final CallsUnderWay calls;

  DirectClient(
      StreamDesk streams,
      ConsumerDesk consumers,
      AttachmentDesk attachments,
      PutRouter puts,
      RecordReader reads,
      CallsUnderWay calls) {
    this.streams = streams;
    this.consumers = consumers;
    this.attachments = attachments;
    this.puts = puts;
    this.reads = reads;
    this.calls = calls;
  }

  @Override
  public CompletionStage<Void> createStream(CreateStreamRequest request) {
    return call(() -> streams.createStream(request));
  }

  @Override
  public CompletionStage<Void> deleteStream(DeleteStreamRequest request) {
    return call(() -> streams.deleteStream(request));
  }

  @Override
  public CompletionStage<DescribeStreamResponse> describeStream(DescribeStreamRequest request) {
    return answer(() -> streams.describe(request));
  }

  @Override
  public CompletionStage<DescribeStreamSummaryResponse> describeStreamSummary(
      DescribeStreamSummaryRequest request) {
    return answer(() -> streams.describeSummary(request));
  }

  @Override
  public CompletionStage<ListStreamsResponse> listStreams(ListStreamsRequest request) {
    return answer(() -> streams.listStreams(request));
  }

  @Override
  public CompletionStage<ListShardsResponse> listShards(ListShardsRequest request) {
    return answer(() -> streams.listShards(request));
  }

  @Override
  public CompletionStage<Void> increaseStreamRetentionPeriod(
      IncreaseStreamRetentionPeriodRequest request) {
    return call(() -> streams.increaseRetention(request));
  }

  @Override
  public CompletionStage<Void> decreaseStreamRetentionPeriod(
      DecreaseStreamRetentionPeriodRequest request) {
    return call(() -> streams.decreaseRetention(request));
  }

  @Override
  public CompletionStage<Void> updateMaxRecordSize(UpdateMaxRecordSizeRequest request) {
    return call(() -> streams.updateMaxRecordSize(request));
  }

  @Override
  public CompletionStage<Void> startStreamEncryption(StartStreamEncryptionRequest request) {
    return call(() -> streams.startEncryption(request));
  }

  @Override
  public CompletionStage<Void> stopStreamEncryption(StopStreamEncryptionRequest request) {
    return call(() -> streams.stopEncryption(request));
  }

  @Override
  public CompletionStage<EnableEnhancedMonitoringResponse> enableEnhancedMonitoring(
      EnableEnhancedMonitoringRequest request) {
    return call(() -> streams.enableMonitoring(request));
  }

  @Override
  public CompletionStage<DisableEnhancedMonitoringResponse> disableEnhancedMonitoring(
      DisableEnhancedMonitoringRequest request) {
    return call(() -> streams.disableMonitoring(request));
  }

  @Override
  public CompletionStage<Void> splitShard(SplitShardRequest request) {
    return call(() -> streams.splitShard(request));
  }

  @Override
  public CompletionStage<Void> mergeShards(MergeShardsRequest request) {
    return call(() -> streams.mergeShards(request));
  }

  @Override
  public CompletionStage<UpdateShardCountResponse> updateShardCount(
      UpdateShardCountRequest request) {
    return call(() -> streams.updateShardCount(request));
  }

  @Override
  public CompletionStage<Void> updateStreamMode(UpdateStreamModeRequest request) {
    return call(() -> streams.updateStreamMode(request));
  }

  @Override
  public CompletionStage<UpdateStreamWarmThroughputResponse> updateStreamWarmThroughput(
      UpdateStreamWarmThroughputRequest request) {
    return call(() -> streams.updateWarmThroughput(request));
  }

  @Override
  public CompletionStage<Void> updateStreamRecordDistributionStrategy(
      UpdateStreamRecordDistributionStrategyRequest request) {
    return call(() -> streams.updateDistribution(request));
  }

  @Override
  public CompletionStage<Void> addTagsToStream(AddTagsToStreamRequest request) {
    return call(() -> attachments.addTags(request));
  }

  @Override
  public CompletionStage<Void> removeTagsFromStream(RemoveTagsFromStreamRequest request) {
    return call(() -> attachments.removeTags(request));
  }

  @Override
  public CompletionStage<ListTagsForStreamResponse> listTagsForStream(
      ListTagsForStreamRequest request) {
    return answer(() -> attachments.listTags(request));
  }

  @Override
  public CompletionStage<Void> tagResource(TagResourceRequest request) {
    return call(() -> attachments.tag(request));
  }

  @Override
  public CompletionStage<Void> untagResource(UntagResourceRequest request) {
    return call(() -> attachments.untag(request));
  }

  @Override
  public CompletionStage<ListTagsForResourceResponse> listTagsForResource(
      ListTagsForResourceRequest request) {
    return answer(() -> attachments.listTags(request));
  }

  @Override
  public CompletionStage<Void> putResourcePolicy(PutResourcePolicyRequest request) {
    return call(() -> attachments.putPolicy(request));
  }

  @Override
  public CompletionStage<GetResourcePolicyResponse> getResourcePolicy(
      GetResourcePolicyRequest request) {
    return answer(() -> attachments.getPolicy(request));
  }

  @Override
  public CompletionStage<Void> deleteResourcePolicy(DeleteResourcePolicyRequest request) {
    return call(() -> attachments.deletePolicy(request));
  }

  @Override
  public CompletionStage<DescribeLimitsResponse> describeLimits(DescribeLimitsRequest request) {
    return call(() -> streams.describeLimits(request));
  }

  @Override
  public CompletionStage<DescribeAccountSettingsResponse> describeAccountSettings(
      DescribeAccountSettingsRequest request) {
    return answer(() -> streams.describeAccountSettings(request));
  }

  @Override
  public CompletionStage<UpdateAccountSettingsResponse> updateAccountSettings(
      UpdateAccountSettingsRequest request) {
    return call(() -> streams.updateAccountSettings(request));
  }

  @Override
  public CompletionStage<RegisterStreamConsumerResponse> registerStreamConsumer(
      RegisterStreamConsumerRequest request) {
    return call(() -> consumers.register(request));
  }

  @Override
  public CompletionStage<DescribeStreamConsumerResponse> describeStreamConsumer(
      DescribeStreamConsumerRequest request) {
    return answer(() -> consumers.describe(request));
  }

  @Override
  public CompletionStage<ListStreamConsumersResponse> listStreamConsumers(
      ListStreamConsumersRequest request) {
    return answer(() -> consumers.list(request));
  }

  @Override
  public CompletionStage<Void> deregisterStreamConsumer(DeregisterStreamConsumerRequest request) {
    return call(() -> consumers.deregister(request));
  }

  @Override
  public CompletionStage<PutRecordResponse> putRecord(PutRecordRequest request) {
    return call(() -> puts.putRecord(request));
  }

  @Override
  public CompletionStage<PutRecordsResponse> putRecords(PutRecordsRequest request) {
    return call(() -> puts.putRecords(request));
  }

  @Override
  public CompletionStage<GetShardIteratorResponse> getShardIterator(
      GetShardIteratorRequest request) {
    return call(() -> reads.getShardIterator(request));
  }

  @Override
  public CompletionStage<GetRecordsResponse> getRecords(GetRecordsRequest request) {
    return call(() -> reads.getRecords(request));
  }

  private <T> CompletionStage<T> answer(Supplier<T> operation) {
    return call(() -> CompletableFuture.completedStage(operation.get()));
  }

  private <T> CompletionStage<T> call(Supplier<CompletionStage<T>> operation) {
    if (!calls.begin()) {
      return CompletableFuture.failedStage(new EngineClosedException());
    }
    CompletionStage<T> answer;
    try {
      answer = operation.get();
    } catch (RuntimeException refused) {
      answer = CompletableFuture.failedStage(refused);
    }
    return answer
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(Failures.of(failure)))
        .whenComplete((answered, failure) -> calls.end());
  }
}
