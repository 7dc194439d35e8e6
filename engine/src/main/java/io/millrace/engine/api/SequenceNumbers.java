package io.millrace.engine.api;

import io.millrace.engine.model.SequenceNumber;

/** Sequence numbers that callers give back. */
final class SequenceNumbers {

  private SequenceNumbers() {}

  /** Reads one; what the engine cannot have issued is an invalid argument. */
  static SequenceNumber parse(String member, String decimal) {
    try {
      return SequenceNumber.parse(decimal);
    } catch (IllegalArgumentException e) {
      throw new InvalidArgumentException(
          "%s %s is invalid because it did not come from this stream.".formatted(member, decimal));
    }
  }
}
