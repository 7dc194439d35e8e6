package io.millrace.engine.api;

/**
 * A stream as a caller names it.
 *
 * @param streamName the name, or null
 * @param streamARN the ARN, or null
 */
public record StreamReference(String streamName, String streamARN) {}
