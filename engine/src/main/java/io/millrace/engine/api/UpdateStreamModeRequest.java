package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.AT_LEAST_ZERO;
import static io.millrace.engine.api.Constraints.STREAM_ARN;

import io.millrace.engine.model.StreamMode;

/**
 * UpdateStreamMode: changes who decides how many shards a stream has. Its shards and records stay
 * as they are.
 *
 * <p>Refused with {@link ResourceInUseException} unless the stream is ACTIVE, {@link
 * LimitExceededException} after two switches in 24 hours or over what the account may have, {@link
 * InvalidArgumentException} for a warm throughput without a switch to ON_DEMAND, or that the
 * account is not committed to. The present mode is accepted and changes nothing.
 *
 * @param streamARN the stream; required
 * @param streamModeDetails the new mode; required
 * @param warmThroughputMiBps the throughput that the stream is to be ready for once it is
 *     on-demand, MiB/s, at most 10 GiB/s; null for none
 */
public record UpdateStreamModeRequest(
    String streamARN, StreamModeDetails streamModeDetails, Integer warmThroughputMiBps)
    implements StreamRequest {

  /** The stream of this ARN and its new mode. */
  public static UpdateStreamModeRequest of(String streamARN, StreamModeDetails streamModeDetails) {
    return new UpdateStreamModeRequest(streamARN, streamModeDetails, null);
  }

  /** The same, ready for this throughput in MiB/s. */
  public UpdateStreamModeRequest withWarmThroughputMiBps(int warmThroughputMiBps) {
    return new UpdateStreamModeRequest(streamARN, streamModeDetails, warmThroughputMiBps);
  }

  @Override
  public void validate() {
    new Violations()
        .required("streamARN", streamARN)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("streamModeDetails", streamModeDetails)
        .number("warmThroughputMiBps", warmThroughputMiBps, AT_LEAST_ZERO)
        .throwIfAny();
    new Violations()
        .required("streamModeDetails.streamMode", streamModeDetails.streamMode())
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    if (streamModeDetails.streamMode() == StreamMode.PROVISIONED && warmThroughputMiBps != null) {
      throw new InvalidArgumentException("WarmThroughputMiBps is for on-demand streams only.");
    }
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(null, streamARN);
  }
}
