package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.AT_LEAST_ONE;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.ScalingType;

/**
 * UpdateShardCount: scales a stream to so many shards of equal range, by splits and merges.
 *
 * <p>Refused with {@link ValidationException} in capacity mode ON_DEMAND, {@link
 * ResourceInUseException} unless the stream is ACTIVE, {@link InvalidArgumentException} for more
 * than twice or less than half the open shards, {@link LimitExceededException} for more than 10
 * calls in 24 hours, more than 10,000 shards, or more than the account may have. The present number
 * is accepted and changes nothing.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param targetShardCount how many open shards it is to have, at least 1; required
 * @param scalingType how hash keys are divided; required
 */
public record UpdateShardCountRequest(
    String streamName, String streamARN, Integer targetShardCount, ScalingType scalingType)
    implements StreamRequest {

  /** The stream of this name and its new number of equal shards. */
  public static UpdateShardCountRequest of(String streamName, int targetShardCount) {
    return new UpdateShardCountRequest(
        streamName, null, targetShardCount, ScalingType.UNIFORM_SCALING);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("targetShardCount", targetShardCount)
        .number("targetShardCount", targetShardCount, AT_LEAST_ONE)
        .required("scalingType", scalingType)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
