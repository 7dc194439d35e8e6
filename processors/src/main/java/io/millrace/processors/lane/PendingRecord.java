package io.millrace.processors.lane;

import io.millrace.engine.model.Record;

/**
 * A record that waits for its call, or is in one.
 *
 * @param record the record
 * @param payloadBytes what it adds to the payload of a call
 * @param arrivedNanos when it came to its lane, monotonic
 * @param ticket its place in the shard
 */
record PendingRecord(
    Record record, long payloadBytes, long arrivedNanos, CheckpointTracker.Ticket ticket) {

  long arrivalMillis() {
    return record.approximateArrivalTimestamp().toEpochMilli();
  }
}
