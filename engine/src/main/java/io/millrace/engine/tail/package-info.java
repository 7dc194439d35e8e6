/**
 * The only way to read a shard: a window of the newest batches in memory, pages of the journal
 * below it, and the hand-over between them.
 */
package io.millrace.engine.tail;
