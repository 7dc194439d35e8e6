/** Pull consumers: shard iterators, and the reads that go on from them. */
package io.millrace.engine.consumer;
