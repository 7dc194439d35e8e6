package io.millrace.engine.tail;

import io.millrace.engine.model.SequenceNumber;

/**
 * How far a shard has got, as it last published: everything in it is durable.
 *
 * @param highWatermark the newest durable event; readers never look beyond it
 * @param recordCount records in all events up to the high watermark, trimmed ones included
 * @param horizonEvent the oldest event that may be read; one above the high watermark if there is
 *     none
 * @param index arrival times of some events
 * @param closed whether the shard takes no more records
 */
public record TailState(
    long highWatermark, long recordCount, long horizonEvent, SparseIndex index, boolean closed) {

  /** The position just after the newest record. */
  public long latestCounter() {
    return SequenceNumber.counter(highWatermark + 1, 0);
  }
}
