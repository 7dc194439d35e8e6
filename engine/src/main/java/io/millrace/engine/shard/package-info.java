/**
 * One shard: a gate that is always responsive, and behind it the persistent actor that gives
 * records their numbers and writes them, a batch an event.
 */
package io.millrace.engine.shard;
