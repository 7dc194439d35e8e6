package io.millrace.engine.api;

/**
 * DescribeStreamConsumer: a registered consumer.
 *
 * @param streamARN the stream, unless {@code consumerARN} names the consumer
 * @param consumerName the consumer, unless {@code consumerARN} names it
 * @param consumerARN the consumer, unless {@code streamARN} and {@code consumerName} name it
 */
public record DescribeStreamConsumerRequest(
    String streamARN, String consumerName, String consumerARN) implements Request {

  /** The consumer of this ARN. */
  public static DescribeStreamConsumerRequest of(String consumerARN) {
    return new DescribeStreamConsumerRequest(null, null, consumerARN);
  }

  /** The consumer of this name of a stream. */
  public static DescribeStreamConsumerRequest of(String streamARN, String consumerName) {
    return new DescribeStreamConsumerRequest(streamARN, consumerName, null);
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
