package io.millrace.engine.api;

import io.millrace.engine.model.StreamName;

/**
 * UpdateShardCount is under way.
 *
 * @param streamName the stream
 * @param streamARN the stream
 * @param currentShardCount open shards before it
 * @param targetShardCount open shards when it is done
 */
public record UpdateShardCountResponse(
    StreamName streamName, String streamARN, int currentShardCount, int targetShardCount) {}
