/**
 * Mappings at work: the persistent actor that knows them all, and an actor for each shard that one
 * of them reads. Not for applications; {@link io.millrace.processors.Processors} is.
 */
package io.millrace.processors.mapping;
