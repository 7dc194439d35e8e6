package io.millrace.engine.api;

/**
 * A tag of a stream or of a registered consumer.
 *
 * @param key its key, 1 to 128 characters
 * @param value its value, 0 to 256 characters
 */
public record Tag(String key, String value) {}
