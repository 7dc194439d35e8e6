package io.millrace.gateway.call;

import io.millrace.engine.ChannelClient;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.AddTagsToStreamRequest;
import io.millrace.engine.api.CreateChannelRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.DeleteChannelRequest;
import io.millrace.engine.api.DeleteResourcePolicyRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DeregisterStreamConsumerRequest;
import io.millrace.engine.api.DescribeAccountSettingsRequest;
import io.millrace.engine.api.DescribeChannelRequest;
import io.millrace.engine.api.DescribeLimitsRequest;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.DisableEnhancedMonitoringRequest;
import io.millrace.engine.api.EnableEnhancedMonitoringRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetResourcePolicyRequest;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.ListChannelsRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListStreamConsumersRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.ListTagsForResourceRequest;
import io.millrace.engine.api.ListTagsForStreamRequest;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutResourcePolicyRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.RemoveTagsFromStreamRequest;
import io.millrace.engine.api.Request;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartStreamEncryptionRequest;
import io.millrace.engine.api.StopStreamEncryptionRequest;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.engine.api.TagResourceRequest;
import io.millrace.engine.api.UntagResourceRequest;
import io.millrace.engine.api.UpdateAccountSettingsRequest;
import io.millrace.engine.api.UpdateChannelRequest;
import io.millrace.engine.api.UpdateMaxRecordSizeRequest;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.UpdateStreamRecordDistributionStrategyRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputRequest;
import io.millrace.gateway.model.ServiceModel;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.reactivestreams.Publisher;

/** The table of operations. What the API has beside them is refused in {@link #require}. */
public final class Operations {

  private final ServiceModel model;
  private final Map<String, Operation<?>> table = new LinkedHashMap<>();

  /** An empty table. */
  Operations(ServiceModel model) {
    this.model = model;
  }

  /**
   * Every operation of the engine, one line each.
   *
   * @param client answers those that answer once
   * @param channels answers those on channels
   * @param subscribe answers SubscribeToShard
   */
  public static Operations of(
      ServiceModel model,
      StreamClient client,
      ChannelClient channels,
      Function<SubscribeToShardRequest, CompletionStage<Publisher<SubscribeToShardEvent>>>
          subscribe) {
    return new Operations(model)
        .add("CreateStream", CreateStreamRequest.class, client::createStream)
        .add("DeleteStream", DeleteStreamRequest.class, client::deleteStream)
        .add("DescribeStream", DescribeStreamRequest.class, client::describeStream)
        .add(
            "DescribeStreamSummary",
            DescribeStreamSummaryRequest.class,
            client::describeStreamSummary)
        .add("ListStreams", ListStreamsRequest.class, client::listStreams)
        .add(
            "IncreaseStreamRetentionPeriod",
            IncreaseStreamRetentionPeriodRequest.class,
            client::increaseStreamRetentionPeriod)
        .add(
            "DecreaseStreamRetentionPeriod",
            DecreaseStreamRetentionPeriodRequest.class,
            client::decreaseStreamRetentionPeriod)
        .add("UpdateMaxRecordSize", UpdateMaxRecordSizeRequest.class, client::updateMaxRecordSize)
        .add(
            "StartStreamEncryption",
            StartStreamEncryptionRequest.class,
            client::startStreamEncryption)
        .add(
            "StopStreamEncryption", StopStreamEncryptionRequest.class, client::stopStreamEncryption)
        .add(
            "EnableEnhancedMonitoring",
            EnableEnhancedMonitoringRequest.class,
            client::enableEnhancedMonitoring)
        .add(
            "DisableEnhancedMonitoring",
            DisableEnhancedMonitoringRequest.class,
            client::disableEnhancedMonitoring)
        .add("SplitShard", SplitShardRequest.class, client::splitShard)
        .add("MergeShards", MergeShardsRequest.class, client::mergeShards)
        .add("UpdateShardCount", UpdateShardCountRequest.class, client::updateShardCount)
        .add("UpdateStreamMode", UpdateStreamModeRequest.class, client::updateStreamMode)
        .add(
            "UpdateStreamWarmThroughput",
            UpdateStreamWarmThroughputRequest.class,
            client::updateStreamWarmThroughput)
        .add(
            "UpdateStreamRecordDistributionStrategy",
            UpdateStreamRecordDistributionStrategyRequest.class,
            client::updateStreamRecordDistributionStrategy)
        .add("AddTagsToStream", AddTagsToStreamRequest.class, client::addTagsToStream)
        .add(
            "RemoveTagsFromStream", RemoveTagsFromStreamRequest.class, client::removeTagsFromStream)
        .add("ListTagsForStream", ListTagsForStreamRequest.class, client::listTagsForStream)
        .add("TagResource", TagResourceRequest.class, client::tagResource)
        .add("UntagResource", UntagResourceRequest.class, client::untagResource)
        .add("ListTagsForResource", ListTagsForResourceRequest.class, client::listTagsForResource)
        .add("PutResourcePolicy", PutResourcePolicyRequest.class, client::putResourcePolicy)
        .add("GetResourcePolicy", GetResourcePolicyRequest.class, client::getResourcePolicy)
        .add(
            "DeleteResourcePolicy", DeleteResourcePolicyRequest.class, client::deleteResourcePolicy)
        .add("DescribeLimits", DescribeLimitsRequest.class, client::describeLimits)
        .add(
            "DescribeAccountSettings",
            DescribeAccountSettingsRequest.class,
            client::describeAccountSettings)
        .add(
            "UpdateAccountSettings",
            UpdateAccountSettingsRequest.class,
            client::updateAccountSettings)
        .add("ListShards", ListShardsRequest.class, client::listShards)
        .add(
            "RegisterStreamConsumer",
            RegisterStreamConsumerRequest.class,
            client::registerStreamConsumer)
        .add(
            "DescribeStreamConsumer",
            DescribeStreamConsumerRequest.class,
            client::describeStreamConsumer)
        .add("ListStreamConsumers", ListStreamConsumersRequest.class, client::listStreamConsumers)
        .add(
            "DeregisterStreamConsumer",
            DeregisterStreamConsumerRequest.class,
            client::deregisterStreamConsumer)
        .add("PutRecord", PutRecordRequest.class, client::putRecord)
        .add("PutRecords", PutRecordsRequest.class, client::putRecords)
        .add("GetShardIterator", GetShardIteratorRequest.class, client::getShardIterator)
        .add("GetRecords", GetRecordsRequest.class, client::getRecords)
        .add("SubscribeToShard", SubscribeToShardRequest.class, subscribe)
        .add("CreateChannel", CreateChannelRequest.class, channels::createChannel)
        .add("DescribeChannel", DescribeChannelRequest.class, channels::describeChannel)
        .add("UpdateChannel", UpdateChannelRequest.class, channels::updateChannel)
        .add("DeleteChannel", DeleteChannelRequest.class, channels::deleteChannel)
        .add("ListChannels", ListChannelsRequest.class, channels::listChannels);
  }

  /**
   * Adds an operation.
   *
   * @param name its name in the API
   * @param request the record that its members become
   * @param call what answers it: a stage of a response record or, where the API has an event
   *     stream, of a {@link Publisher} of event records
   */
  <R extends Request> Operations add(
      String name, Class<R> request, Function<R, ? extends CompletionStage<?>> call) {
    table.put(name, new Operation<>(model.operation(name).orElseThrow(), request, call));
    return this;
  }

  /** The names of the operations that are there. */
  public Set<String> names() {
    return Set.copyOf(table.keySet());
  }

  /**
   * The operation that a request asks for.
   *
   * @param target the header {@code X-Amz-Target}
   * @throws CallRefusedException when there is no such operation
   */
  Operation<?> require(String target) {
    String name =
        target.startsWith(ServiceModel.TARGET_PREFIX)
            ? target.substring(ServiceModel.TARGET_PREFIX.length())
            : "";
    Operation<?> operation = table.get(name);
    if (operation == null) {
      throw new CallRefusedException(
          "UnknownOperationException",
          model.operation(name).isPresent()
              ? name + " is an operation of Kinesis that this server does not have."
              : "There is no operation of this name.");
    }
    return operation;
  }
}
