package io.millrace.engine.api;

import java.time.Instant;

/**
 * The stream of a channel.
 *
 * @param streamARN the stream
 * @param streamCreationTimestamp when it was created
 */
public record ChannelStreamIdentifier(String streamARN, Instant streamCreationTimestamp) {}
