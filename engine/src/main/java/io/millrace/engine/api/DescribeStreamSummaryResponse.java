package io.millrace.engine.api;

/**
 * The answer to {@link DescribeStreamSummaryRequest}.
 *
 * @param streamDescriptionSummary the stream
 */
public record DescribeStreamSummaryResponse(StreamDescriptionSummary streamDescriptionSummary) {}
