package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.CONSUMER_ARN;
import static io.millrace.engine.api.Constraints.CONSUMER_NAME;
import static io.millrace.engine.api.Constraints.STREAM_ARN;

import io.millrace.engine.model.ConsumerArn;

/**
 * A registered consumer as a caller names it: by its ARN, by its name and the ARN of its stream, or
 * by all of them.
 *
 * @param streamARN the ARN of the stream, or null
 * @param consumerName the name, or null
 * @param consumerARN the ARN, or null
 */
public record ConsumerReference(String streamARN, String consumerName, String consumerARN) {

  void validate() {
    new Violations()
        .text("streamARN", streamARN, STREAM_ARN)
        .text("consumerName", consumerName, CONSUMER_NAME)
        .text("consumerARN", consumerARN, CONSUMER_ARN)
        .throwIfAny();
  }

  /**
   * Checks that a consumer is named, and not two. Expects members that passed {@link
   * Request#validate()}.
   *
   * @throws InvalidArgumentException when neither the ARN is there nor the name with that of the
   *     stream, or they do not name the same consumer
   */
  public void checkArguments() {
    if (consumerARN == null) {
      if (streamARN == null || consumerName == null) {
        throw new InvalidArgumentException(
            "Either ConsumerARN, or StreamARN and ConsumerName must be specified.");
      }
    } else if (!agree()) {
      throw new InvalidArgumentException(
          "ConsumerARN %s does not name the consumer of StreamARN %s and ConsumerName %s."
              .formatted(consumerARN, streamARN, consumerName));
    }
  }

  private boolean agree() {
    if (streamARN == null && consumerName == null) {
      return true;
    }
    return ConsumerArn.parse(consumerARN)
        .filter(arn -> streamARN == null || arn.streamArn().toString().equals(streamARN))
        .filter(arn -> consumerName == null || arn.consumerName().value().equals(consumerName))
        .isPresent();
  }
}
