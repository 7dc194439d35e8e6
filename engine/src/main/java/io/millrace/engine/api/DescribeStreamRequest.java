package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.PAGE;
import static io.millrace.engine.api.Constraints.SHARD_ID;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

/**
 * DescribeStream: a stream with its shards, page by page in the order of their ids.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param limit how many shards to show, 1 to 10000; null for 100, and more than 100 are never shown
 * @param exclusiveStartShardId the shard after which the page starts; null for the first page
 */
public record DescribeStreamRequest(
    String streamName, String streamARN, Integer limit, String exclusiveStartShardId)
    implements StreamRequest {

  /** The first page of the stream of this name. */
  public static DescribeStreamRequest of(String streamName) {
    return new DescribeStreamRequest(streamName, null, null, null);
  }

  /** The same stream, with at most so many shards on the page. */
  public DescribeStreamRequest withLimit(int limit) {
    return new DescribeStreamRequest(streamName, streamARN, limit, exclusiveStartShardId);
  }

  /** The page that starts after this shard. */
  public DescribeStreamRequest after(String exclusiveStartShardId) {
    return new DescribeStreamRequest(streamName, streamARN, limit, exclusiveStartShardId);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .number("limit", limit, PAGE)
        .text("exclusiveStartShardId", exclusiveStartShardId, SHARD_ID)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
