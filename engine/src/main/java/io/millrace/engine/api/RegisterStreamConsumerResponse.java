package io.millrace.engine.api;

/**
 * The answer to {@link RegisterStreamConsumerRequest}.
 *
 * @param consumer the consumer, which is CREATING
 */
public record RegisterStreamConsumerResponse(Consumer consumer) {}
