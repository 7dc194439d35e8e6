package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;

/**
 * UpdateStreamMode: changes who decides how many shards a stream has. Its shards and records stay
 * as they are.
 *
 * <p>Refused with {@link ResourceInUseException} unless the stream is ACTIVE, {@link
 * LimitExceededException} after two switches in 24 hours or over what the account may have. The
 * present mode is accepted and changes nothing.
 *
 * @param streamARN the stream; required
 * @param streamModeDetails the new mode; required
 */
public record UpdateStreamModeRequest(String streamARN, StreamModeDetails streamModeDetails)
    implements StreamRequest {

  @Override
  public void validate() {
    new Violations()
        .required("streamARN", streamARN)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("streamModeDetails", streamModeDetails)
        .throwIfAny();
    new Violations()
        .required("streamModeDetails.streamMode", streamModeDetails.streamMode())
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(null, streamARN);
  }
}
