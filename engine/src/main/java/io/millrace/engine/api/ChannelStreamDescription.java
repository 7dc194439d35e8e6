package io.millrace.engine.api;

import java.time.Instant;

/**
 * What a channel reads.
 *
 * @param streamARN the stream
 * @param streamCreationTimestamp when it was created
 * @param recordConfiguration what its records are taken for
 */
public record ChannelStreamDescription(
    String streamARN, Instant streamCreationTimestamp, RecordConfiguration recordConfiguration) {}
