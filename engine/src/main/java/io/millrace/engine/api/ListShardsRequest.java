package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.NEXT_TOKEN;
import static io.millrace.engine.api.Constraints.PAGE;
import static io.millrace.engine.api.Constraints.SHARD_ID;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import java.time.Instant;

/**
 * ListShards: the shards of a stream, page by page in the order of their ids. A request for a
 * further page carries {@code nextToken} and nothing else but perhaps {@code maxResults}.
 *
 * @param streamName the stream, unless {@code streamARN} or {@code nextToken} names it
 * @param streamARN the stream, unless {@code streamName} or {@code nextToken} names it
 * @param nextToken the token of the page before; null for the first page
 * @param exclusiveStartShardId the shard after which the page starts, or null
 * @param maxResults how many shards to show, 1 to 10000; null for 1000, and more than 1000 are
 *     never shown
 * @param streamCreationTimestamp when the stream was created, to tell it from another one that had
 *     its name; null for the one that has it now
 * @param shardFilter which shards to show; null for all that have not expired
 */
public record ListShardsRequest(
    String streamName,
    String streamARN,
    String nextToken,
    String exclusiveStartShardId,
    Integer maxResults,
    Instant streamCreationTimestamp,
    ShardFilter shardFilter)
    implements StreamRequest {

  /** The first page of the stream of this name. */
  public static ListShardsRequest of(String streamName) {
    return new ListShardsRequest(streamName, null, null, null, null, null, null);
  }

  /** The page after the one that gave this token. */
  public static ListShardsRequest next(String nextToken) {
    return new ListShardsRequest(null, null, nextToken, null, null, null, null);
  }

  /** The same page, with at most so many shards. */
  public ListShardsRequest withMaxResults(int maxResults) {
    return new ListShardsRequest(
        streamName,
        streamARN,
        nextToken,
        exclusiveStartShardId,
        maxResults,
        streamCreationTimestamp,
        shardFilter);
  }

  /** The same stream, showing only the shards that pass this filter. */
  public ListShardsRequest withShardFilter(ShardFilter shardFilter) {
    return new ListShardsRequest(
        streamName,
        streamARN,
        nextToken,
        exclusiveStartShardId,
        maxResults,
        streamCreationTimestamp,
        shardFilter);
  }

  @Override
  public void validate() {
    Violations violations =
        new Violations()
            .text("streamName", streamName, STREAM_NAME)
            .text("streamARN", streamARN, STREAM_ARN)
            .text("nextToken", nextToken, NEXT_TOKEN)
            .text("exclusiveStartShardId", exclusiveStartShardId, SHARD_ID)
            .number("maxResults", maxResults, PAGE);
    if (shardFilter != null) {
      violations
          .required("shardFilter.type", shardFilter.type())
          .text("shardFilter.shardId", shardFilter.shardId(), SHARD_ID);
    }
    violations.throwIfAny();
  }

  @Override
  public void checkArguments() {
    if (nextToken != null && startsAfresh()) {
      throw new InvalidArgumentException(
          "NextToken cannot be specified together with StreamName, StreamARN,"
              + " StreamCreationTimestamp, ExclusiveStartShardId or ShardFilter.");
    }
    if (shardFilter != null) {
      shardFilter.checkArguments();
    }
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }

  private boolean startsAfresh() {
    return streamName != null
        || streamARN != null
        || streamCreationTimestamp != null
        || exclusiveStartShardId != null
        || shardFilter != null;
  }
}
