package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.HASH_KEY;
import static io.millrace.engine.api.Constraints.SHARD_ID;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

/**
 * SplitShard: an open shard gives way to two, each with a part of its hash keys. What it stores
 * stays readable there; later puts go to its children.
 *
 * <p>Refused with {@link ValidationException} in capacity mode ON_DEMAND, {@link
 * ResourceNotFoundException} for an unknown stream or shard, {@link ResourceInUseException} unless
 * the stream is ACTIVE, {@link InvalidArgumentException} when the shard is closed or the hash key
 * is not between its second and its last one, {@link LimitExceededException} over the account's
 * shards.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param shardToSplit the shard; required
 * @param newStartingHashKey the first hash key of the second child, a decimal number; required
 */
public record SplitShardRequest(
    String streamName, String streamARN, String shardToSplit, String newStartingHashKey)
    implements StreamRequest {

  /** The shard of the stream of this name, to be split at this hash key. */
  public static SplitShardRequest of(
      String streamName, String shardToSplit, String newStartingHashKey) {
    return new SplitShardRequest(streamName, null, shardToSplit, newStartingHashKey);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("shardToSplit", shardToSplit)
        .text("shardToSplit", shardToSplit, SHARD_ID)
        .required("newStartingHashKey", newStartingHashKey)
        .text("newStartingHashKey", newStartingHashKey, HASH_KEY)
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    HashKeys.check("NewStartingHashKey", newStartingHashKey);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
