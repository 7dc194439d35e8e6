package io.millrace.engine.api;

import io.millrace.engine.model.StreamName;

/**
 * The warm throughput is accepted; the stream is on its way to it.
 *
 * @param streamARN the stream
 * @param streamName the stream
 * @param warmThroughput what it is to be ready for, and what it was ready for when it was asked
 */
public record UpdateStreamWarmThroughputResponse(
    String streamARN, StreamName streamName, WarmThroughputObject warmThroughput) {}
