package io.millrace.engine.api;

/** A request that names one stream, by name, by ARN, or by both. */
public sealed interface StreamRequest extends Request
    permits CreateStreamRequest,
        DeleteStreamRequest,
        DescribeStreamRequest,
        DescribeStreamSummaryRequest,
        DisableEnhancedMonitoringRequest,
        EnableEnhancedMonitoringRequest,
        ListShardsRequest,
        IncreaseStreamRetentionPeriodRequest,
        DecreaseStreamRetentionPeriodRequest,
        UpdateMaxRecordSizeRequest,
        UpdateStreamRecordDistributionStrategyRequest,
        AddTagsToStreamRequest,
        RemoveTagsFromStreamRequest,
        ListTagsForStreamRequest,
        SplitShardRequest,
        MergeShardsRequest,
        UpdateShardCountRequest,
        UpdateStreamModeRequest,
        UpdateStreamWarmThroughputRequest,
        StartStreamEncryptionRequest,
        StopStreamEncryptionRequest,
        RegisterStreamConsumerRequest,
        ListStreamConsumersRequest,
        PutRecordRequest,
        PutRecordsRequest,
        GetShardIteratorRequest {

  /** The stream as the caller named it. */
  StreamReference stream();
}
