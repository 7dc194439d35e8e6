package io.millrace.engine.api;

/**
 * DeregisterStreamConsumer: the consumer is DELETING, then gone. A further consumer of its name has
 * another ARN.
 *
 * <p>Refused with {@link ResourceInUseException} when the stream is CREATING or DELETING. A
 * consumer that is DELETING already is accepted, and nothing changes.
 *
 * @param streamARN the stream, unless {@code consumerARN} names the consumer
 * @param consumerName the consumer, unless {@code consumerARN} names it
 * @param consumerARN the consumer, unless {@code streamARN} and {@code consumerName} name it
 */
public record DeregisterStreamConsumerRequest(
    String streamARN, String consumerName, String consumerARN) implements Request {

  /** The consumer of this ARN. */
  public static DeregisterStreamConsumerRequest of(String consumerARN) {
    return new DeregisterStreamConsumerRequest(null, null, consumerARN);
  }

  /** The consumer of this name of a stream. */
  public static DeregisterStreamConsumerRequest of(String streamARN, String consumerName) {
    return new DeregisterStreamConsumerRequest(streamARN, consumerName, null);
  }

  @Override
  public void validate() {
    consumer().validate();
  }

  @Override
  public void checkArguments() {
    consumer().checkArguments();
  }

  /** The consumer as the caller named it. */
  public ConsumerReference consumer() {
    return new ConsumerReference(streamARN, consumerName, consumerARN);
  }
}
