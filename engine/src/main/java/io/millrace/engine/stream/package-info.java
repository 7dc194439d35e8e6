/**
 * Streams as such: the registry that owns their names, the persistent actor that owns one stream's
 * settings, shard map and procedures, and the immutable views of them that everyone else reads.
 */
package io.millrace.engine.stream;
