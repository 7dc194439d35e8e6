package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

/**
 * DeleteStream: removes a stream with its shards and records. The stream is DELETING, then gone.
 *
 * <p>Refused with {@link ResourceInUseException} when the stream is not ACTIVE.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 */
public record DeleteStreamRequest(String streamName, String streamARN) implements StreamRequest {

  /** Deletes the stream of this name. */
  public static DeleteStreamRequest of(String streamName) {
    return new DeleteStreamRequest(streamName, null);
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
