package io.millrace.engine.consumer;

/**
 * Records that were read at a place.
 *
 * @param records the records
 * @param next where the next read goes on
 */
public record PlacedRecords(ShardRecords records, ShardPlace next) {}
