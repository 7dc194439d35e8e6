package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.SHARD_ID;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

/**
 * MergeShards: two open shards, the second of which has the hash keys after those of the first,
 * give way to one. What they store stays readable there; later puts go to their child.
 *
 * <p>Refused with {@link ValidationException} in capacity mode ON_DEMAND, {@link
 * ResourceNotFoundException} for an unknown stream or shard, {@link ResourceInUseException} unless
 * the stream is ACTIVE, {@link InvalidArgumentException} when either is closed or they are not
 * adjacent in this order.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param shardToMerge the first shard; required
 * @param adjacentShardToMerge the shard whose hash keys follow; required
 */
public record MergeShardsRequest(
    String streamName, String streamARN, String shardToMerge, String adjacentShardToMerge)
    implements StreamRequest {

  /** Two neighbours of the stream of this name. */
  public static MergeShardsRequest of(
      String streamName, String shardToMerge, String adjacentShardToMerge) {
    return new MergeShardsRequest(streamName, null, shardToMerge, adjacentShardToMerge);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("shardToMerge", shardToMerge)
        .text("shardToMerge", shardToMerge, SHARD_ID)
        .required("adjacentShardToMerge", adjacentShardToMerge)
        .text("adjacentShardToMerge", adjacentShardToMerge, SHARD_ID)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
