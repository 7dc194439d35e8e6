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
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A client that tries again what was throttled or certainly not written, by its policy, and puts
 * whatever became of them, see {@link RetryingPuts}. Of a partly failed PutRecords it sends only
 * the failed entries again, so that those may end up behind records that were sent after them.
 */
final class RetryingClient implements StreamClient {

  private final StreamClient client;
  private final RetryPolicy policy;
  private final Timer timer;
  private final RandomGenerator random;
  private final RetryingPuts puts;

  /** Runs something later, on any thread. */
  interface Timer {
    void after(Duration pause, Runnable action);
  }

  RetryingClient(
      StreamClient client,
      RetryPolicy policy,
      Timer timer,
      LongSupplier nowMillis,
      RandomGenerator random) {
    this.client = client;
    this.policy = policy;
    this.timer = timer;
    this.random = random;
    this.puts =
        new RetryingPuts(
            client, policy.maxAttempts(), new ProducerNumbers(nowMillis, random), this::pause);
  }

  @Override
  public CompletionStage<Void> startStreamEncryption(StartStreamEncryptionRequest request) {
    return retrying(() -> client.startStreamEncryption(request));
  }

  @Override
  public CompletionStage<Void> stopStreamEncryption(StopStreamEncryptionRequest request) {
    return retrying(() -> client.stopStreamEncryption(request));
  }

  @Override
  public CompletionStage<EnableEnhancedMonitoringResponse> enableEnhancedMonitoring(
      EnableEnhancedMonitoringRequest request) {
    return retrying(() -> client.enableEnhancedMonitoring(request));
  }

  @Override
  public CompletionStage<DisableEnhancedMonitoringResponse> disableEnhancedMonitoring(
      DisableEnhancedMonitoringRequest request) {
    return retrying(() -> client.disableEnhancedMonitoring(request));
  }

  @Override
  public CompletionStage<Void> splitShard(SplitShardRequest request) {
    return retrying(() -> client.splitShard(request));
  }

  @Override
  public CompletionStage<Void> mergeShards(MergeShardsRequest request) {
    return retrying(() -> client.mergeShards(request));
  }

  @Override
  public CompletionStage<UpdateShardCountResponse> updateShardCount(
      UpdateShardCountRequest request) {
    return retrying(() -> client.updateShardCount(request));
  }

  @Override
  public CompletionStage<Void> updateStreamMode(UpdateStreamModeRequest request) {
    return retrying(() -> client.updateStreamMode(request));
  }

  @Override
  public CompletionStage<UpdateStreamWarmThroughputResponse> updateStreamWarmThroughput(
      UpdateStreamWarmThroughputRequest request) {
    return retrying(() -> client.updateStreamWarmThroughput(request));
  }

  @Override
  public CompletionStage<Void> updateStreamRecordDistributionStrategy(
      UpdateStreamRecordDistributionStrategyRequest request) {
    return retrying(() -> client.updateStreamRecordDistributionStrategy(request));
  }

  @Override
  public CompletionStage<Void> addTagsToStream(AddTagsToStreamRequest request) {
    return retrying(() -> client.addTagsToStream(request));
  }

  @Override
  public CompletionStage<Void> removeTagsFromStream(RemoveTagsFromStreamRequest request) {
    return retrying(() -> client.removeTagsFromStream(request));
  }

  @Override
  public CompletionStage<ListTagsForStreamResponse> listTagsForStream(
      ListTagsForStreamRequest request) {
    return retrying(() -> client.listTagsForStream(request));
  }

  @Override
  public CompletionStage<Void> tagResource(TagResourceRequest request) {
    return retrying(() -> client.tagResource(request));
  }

  @Override
  public CompletionStage<Void> untagResource(UntagResourceRequest request) {
    return retrying(() -> client.untagResource(request));
  }

  @Override
  public CompletionStage<ListTagsForResourceResponse> listTagsForResource(
      ListTagsForResourceRequest request) {
    return retrying(() -> client.listTagsForResource(request));
  }

  @Override
  public CompletionStage<Void> putResourcePolicy(PutResourcePolicyRequest request) {
    return retrying(() -> client.putResourcePolicy(request));
  }

  @Override
  public CompletionStage<GetResourcePolicyResponse> getResourcePolicy(
      GetResourcePolicyRequest request) {
    return retrying(() -> client.getResourcePolicy(request));
  }

  @Override
  public CompletionStage<Void> deleteResourcePolicy(DeleteResourcePolicyRequest request) {
    return retrying(() -> client.deleteResourcePolicy(request));
  }

  @Override
  public CompletionStage<DescribeLimitsResponse> describeLimits(DescribeLimitsRequest request) {
    return retrying(() -> client.describeLimits(request));
  }

  @Override
  public CompletionStage<DescribeAccountSettingsResponse> describeAccountSettings(
      DescribeAccountSettingsRequest request) {
    return retrying(() -> client.describeAccountSettings(request));
  }

  @Override
  public CompletionStage<UpdateAccountSettingsResponse> updateAccountSettings(
      UpdateAccountSettingsRequest request) {
    return retrying(() -> client.updateAccountSettings(request));
  }

  @Override
  public CompletionStage<RegisterStreamConsumerResponse> registerStreamConsumer(
      RegisterStreamConsumerRequest request) {
    return retrying(() -> client.registerStreamConsumer(request));
  }

  @Override
  public CompletionStage<DescribeStreamConsumerResponse> describeStreamConsumer(
      DescribeStreamConsumerRequest request) {
    return retrying(() -> client.describeStreamConsumer(request));
  }

  @Override
  public CompletionStage<ListStreamConsumersResponse> listStreamConsumers(
      ListStreamConsumersRequest request) {
    return retrying(() -> client.listStreamConsumers(request));
  }

  @Override
  public CompletionStage<Void> deregisterStreamConsumer(DeregisterStreamConsumerRequest request) {
    return retrying(() -> client.deregisterStreamConsumer(request));
  }

  @Override
  public CompletionStage<PutRecordResponse> putRecord(PutRecordRequest request) {
    return puts.putRecord(request);
  }

  @Override
  public CompletionStage<PutRecordsResponse> putRecords(PutRecordsRequest request) {
    return puts.putRecords(request);
  }

  private boolean helpsToRetry(Outcome outcome) {
    return switch (outcome) {
      case THROTTLED, NOT_WRITTEN -> true;
      case UNKNOWN -> policy.retriesUnknown();
      case REFUSED, FORGOTTEN -> false;
    };
  }

  private <T> CompletionStage<T> retrying(Supplier<CompletionStage<T>> operation) {
    return attempt(operation, 1);
  }

  private <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> operation, int attempts) {
    return operation
        .get()
        .exceptionallyCompose(
            failure -> {
              MillraceException cause = Failures.of(failure);
              return attempts < policy.maxAttempts() && helpsToRetry(cause.outcome())
                  ? pause(attempts).thenCompose(ignored -> attempt(operation, attempts + 1))
                  : CompletableFuture.failedStage(cause);
            });
  }

  private CompletionStage<Void> pause(int attempts) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    timer.after(policy.pauseAfter(attempts, random), () -> over.complete(null));
    return over;
  }

  @Override
  public CompletionStage<Void> createStream(CreateStreamRequest request) {
    return retrying(() -> client.createStream(request));
  }

  @Override
  public CompletionStage<Void> deleteStream(DeleteStreamRequest request) {
    return retrying(() -> client.deleteStream(request));
  }

  @Override
  public CompletionStage<DescribeStreamResponse> describeStream(DescribeStreamRequest request) {
    return retrying(() -> client.describeStream(request));
  }

  @Override
  public CompletionStage<DescribeStreamSummaryResponse> describeStreamSummary(
      DescribeStreamSummaryRequest request) {
    return retrying(() -> client.describeStreamSummary(request));
  }

  @Override
  public CompletionStage<ListStreamsResponse> listStreams(ListStreamsRequest request) {
    return retrying(() -> client.listStreams(request));
  }

  @Override
  public CompletionStage<ListShardsResponse> listShards(ListShardsRequest request) {
    return retrying(() -> client.listShards(request));
  }

  @Override
  public CompletionStage<Void> increaseStreamRetentionPeriod(
      IncreaseStreamRetentionPeriodRequest request) {
    return retrying(() -> client.increaseStreamRetentionPeriod(request));
  }

  @Override
  public CompletionStage<Void> decreaseStreamRetentionPeriod(
      DecreaseStreamRetentionPeriodRequest request) {
    return retrying(() -> client.decreaseStreamRetentionPeriod(request));
  }

  @Override
  public CompletionStage<Void> updateMaxRecordSize(UpdateMaxRecordSizeRequest request) {
    return retrying(() -> client.updateMaxRecordSize(request));
  }

  @Override
  public CompletionStage<GetShardIteratorResponse> getShardIterator(
      GetShardIteratorRequest request) {
    return retrying(() -> client.getShardIterator(request));
  }

  @Override
  public CompletionStage<GetRecordsResponse> getRecords(GetRecordsRequest request) {
    return retrying(() -> client.getRecords(request));
  }
}
