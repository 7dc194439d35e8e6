package io.millrace.engine.api;

/**
 * The answer to {@link DescribeStreamConsumerRequest}.
 *
 * @param consumerDescription the consumer
 */
public record DescribeStreamConsumerResponse(ConsumerDescription consumerDescription) {}
