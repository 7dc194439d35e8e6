package io.millrace.engine.shard;

import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells of most records of a batch at a glance that they are no repeats: their sequences lie above
 * all that the shard knows of their producer, and above all earlier ones of the batch. Of the
 * others it says nothing.
 */
final class RisingSequences {

  private final ProducerWindows known;

  /** The largest sequence of each producer so far, but for the one that came last. */
  private final Map<ProducerId, Long> largest = new HashMap<>();

  private ProducerId last;
  private long largestOfLast;

  RisingSequences(ProducerWindows known) {
    this.known = known;
  }

  /** Whether this sequence lies above all earlier ones of its producer. */
  boolean rises(ProducerSequence next) {
    if (!next.producer().equals(last)) {
      turnTo(next.producer());
    }
    if (next.sequence() <= largestOfLast) {
      return false;
    }
    largestOfLast = next.sequence();
    return true;
  }

  private void turnTo(ProducerId producer) {
    if (last != null) {
      largest.put(last, largestOfLast);
    }
    Long inBatch = largest.get(producer);
    largestOfLast = inBatch == null ? known.largest(producer) : inBatch;
    last = producer;
  }
}
