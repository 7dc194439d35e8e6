package io.millrace.engine.model;

import java.time.Instant;

/**
 * One record as it is read from a shard.
 *
 * @param sequenceNumber its position
 * @param approximateArrivalTimestamp when the shard accepted it, to the millisecond; never
 *     decreasing within a shard
 * @param data the bytes that were put
 * @param partitionKey the key that was put
 */
@SuppressWarnings("JavaLangClash") // the API calls it so
public record Record(
    SequenceNumber sequenceNumber,
    Instant approximateArrivalTimestamp,
    Payload data,
    String partitionKey) {}
