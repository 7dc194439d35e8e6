package io.millrace.engine.api;

/**
 * DescribeLimits: what the account has, and how much it may have.
 *
 * @param shardLimit open shards that its provisioned streams may have together
 * @param openShardCount open shards that they have
 * @param onDemandStreamCount on-demand streams that it has
 * @param onDemandStreamCountLimit on-demand streams that it may have
 * @param channelCount channels that it has
 * @param channelCountLimit channels that it may have
 */
public record DescribeLimitsResponse(
    int shardLimit,
    int openShardCount,
    int onDemandStreamCount,
    int onDemandStreamCountLimit,
    int channelCount,
    int channelCountLimit) {}
