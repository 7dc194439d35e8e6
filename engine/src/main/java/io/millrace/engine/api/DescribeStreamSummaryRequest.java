package io.millrace.engine.api;

/**
 * DescribeStreamSummary: a stream without its shards.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 */
public record DescribeStreamSummaryRequest(String streamName, String streamARN)
    implements StreamRequest {

  /** Describes the stream of this name. */
  public static DescribeStreamSummaryRequest of(String streamName) {
    return new DescribeStreamSummaryRequest(streamName, null);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
