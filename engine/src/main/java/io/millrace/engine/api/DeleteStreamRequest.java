package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

/**
 * DeleteStream: removes a stream with its shards and records. The stream is DELETING, then gone.
 *
 * <p>Refused with {@link ResourceInUseException} when the stream is not ACTIVE, or has registered
 * consumers that are not to be deleted with it.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param enforceConsumerDeletion whether to delete registered consumers with it; null for not
 */
public record DeleteStreamRequest(
    String streamName, String streamARN, Boolean enforceConsumerDeletion) implements StreamRequest {

  /** Deletes the stream of this name. */
  public static DeleteStreamRequest of(String streamName) {
    return new DeleteStreamRequest(streamName, null, null);
  }

  /** The same, deleting registered consumers with the stream. */
  public DeleteStreamRequest withConsumers() {
    return new DeleteStreamRequest(streamName, streamARN, true);
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
