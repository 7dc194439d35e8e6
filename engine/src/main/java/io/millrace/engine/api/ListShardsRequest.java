package io.millrace.engine.api;

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
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
