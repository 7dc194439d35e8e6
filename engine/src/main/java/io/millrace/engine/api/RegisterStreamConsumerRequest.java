package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CONSUMER_NAME;
import static io.millrace.engine.api.Constraints.STREAM_ARN;

import java.util.Map;

/**
 * RegisterStreamConsumer: gives a consumer a name with a stream, so that it can subscribe to its
 * shards. The consumer is CREATING, then ACTIVE.
 *
 * <p>Refused with {@link ResourceInUseException} when the name is taken, whatever the status of the
 * consumer that has it, or the stream is CREATING or DELETING, and with {@link
 * LimitExceededException} when the stream has as many consumers as it may, or as many that are
 * CREATING.
 *
 * @param streamARN the stream; required
 * @param consumerName the name; required
 * @param tags its tags, 1 to 50, values by keys; null for none
 */
public record RegisterStreamConsumerRequest(
    String streamARN, String consumerName, Map<String, String> tags) implements StreamRequest {

  /** Copies the map. */
  public RegisterStreamConsumerRequest {
    tags = Tags.copy(tags);
  }

  /** A consumer without tags. */
  public RegisterStreamConsumerRequest(String streamARN, String consumerName) {
    this(streamARN, consumerName, null);
  }

  @Override
  public void validate() {
    Tags.validate(
            tags,
            new Violations()
                .required("streamARN", streamARN)
                .text("streamARN", streamARN, STREAM_ARN)
                .required("consumerName", consumerName)
                .text("consumerName", consumerName, CONSUMER_NAME))
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    Tags.check(tags);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(null, streamARN);
  }
}
