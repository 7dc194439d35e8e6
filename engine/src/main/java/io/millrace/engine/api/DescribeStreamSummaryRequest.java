package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

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
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
