package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.SequenceNumber;

/**
 * The sequence numbers between which the records of a shard lie. No record has either of the two.
 *
 * @param startingSequenceNumber below every record of the shard
 * @param endingSequenceNumber above every record of the shard; null while it is open
 */
public record SequenceNumberRange(
    SequenceNumber startingSequenceNumber, SequenceNumber endingSequenceNumber) {

  public SequenceNumberRange {
    requireNonNull(startingSequenceNumber, "startingSequenceNumber");
  }
}
