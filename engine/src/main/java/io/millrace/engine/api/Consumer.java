package io.millrace.engine.api;

import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ConsumerStatus;
import java.time.Instant;

/**
 * A registered consumer.
 *
 * @param consumerName its name
 * @param consumerARN its ARN; one that is registered under its name later has another
 * @param consumerStatus where it is in its life
 * @param consumerCreationTimestamp when it was registered
 */
public record Consumer(
    ConsumerName consumerName,
    String consumerARN,
    ConsumerStatus consumerStatus,
    Instant consumerCreationTimestamp) {}
