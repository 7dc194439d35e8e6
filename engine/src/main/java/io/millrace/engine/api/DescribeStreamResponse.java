package io.millrace.engine.api;

/**
 * The answer to {@link DescribeStreamRequest}.
 *
 * @param streamDescription the stream and one page of its shards
 */
public record DescribeStreamResponse(StreamDescription streamDescription) {}
