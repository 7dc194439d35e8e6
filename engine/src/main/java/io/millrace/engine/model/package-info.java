/**
 * The nouns of a stream: names, keys, ranges, numbers, payloads. Plain immutable values, free of
 * actors and of storage.
 */
package io.millrace.engine.model;
