package io.millrace.engine.model;

import static java.util.Objects.requireNonNull;

/**
 * Which of a producer's records this is. A record that is put again under the same one is stored
 * once, as long as its shard remembers.
 *
 * @param producer the producer
 * @param sequence the number that it gave the record, 0 or more; numbers rise, with gaps, and may
 *     overtake each other a little
 */
public record ProducerSequence(ProducerId producer, long sequence) {

  public ProducerSequence {
    requireNonNull(producer, "producer");
    if (sequence < 0) {
      throw new IllegalArgumentException("a producer counts from 0: " + sequence);
    }
  }

  @Override
  public String toString() {
    return producer + "#" + sequence;
  }
}
