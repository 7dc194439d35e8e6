/**
 * Consumers: how records are retrieved from a shard, by shard iterators and the reads that go on
 * from them.
 */
package io.millrace.engine.consumer;
