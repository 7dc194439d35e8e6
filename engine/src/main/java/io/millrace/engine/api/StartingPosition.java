package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardIteratorType;
import java.time.Instant;

/**
 * A place in a shard to read on from, as SubscribeToShard has it. A member that is absent is null.
 *
 * @param type which place; required
 * @param sequenceNumber the number that AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER speak of, one
 *     of the shard that is read; null otherwise
 * @param timestamp the time that AT_TIMESTAMP speaks of, not in the future; null otherwise
 */
public record StartingPosition(ShardIteratorType type, String sequenceNumber, Instant timestamp) {

  /** The oldest retained record, whichever that is at the time of reading. */
  public static StartingPosition trimHorizon() {
    return new StartingPosition(ShardIteratorType.TRIM_HORIZON, null, null);
  }

  /** Just after the record that is the newest when reading begins. */
  public static StartingPosition latest() {
    return new StartingPosition(ShardIteratorType.LATEST, null, null);
  }

  /** The record of this number. */
  public static StartingPosition atSequenceNumber(SequenceNumber number) {
    return new StartingPosition(ShardIteratorType.AT_SEQUENCE_NUMBER, number.toString(), null);
  }

  /** The record after the one of this number. */
  public static StartingPosition afterSequenceNumber(SequenceNumber number) {
    return new StartingPosition(ShardIteratorType.AFTER_SEQUENCE_NUMBER, number.toString(), null);
  }

  /** The first record that arrived at this time or later. */
  public static StartingPosition atTimestamp(Instant timestamp) {
    return new StartingPosition(
        ShardIteratorType.AT_TIMESTAMP, null, requireNonNull(timestamp, "timestamp"));
  }

  /**
   * Checks that the members which the type speaks of are there, and no others.
   *
   * @param typeName what the caller calls the type
   * @param numberName what the caller calls the sequence number
   * @throws InvalidArgumentException when one is missing or superfluous, or when the number cannot
   *     have come from a stream
   */
  void checkArguments(String typeName, String numberName) {
    boolean speaksOfNumber =
        type == ShardIteratorType.AT_SEQUENCE_NUMBER
            || type == ShardIteratorType.AFTER_SEQUENCE_NUMBER;
    boolean speaksOfTime = type == ShardIteratorType.AT_TIMESTAMP;
    if (speaksOfNumber != (sequenceNumber != null)) {
      throw new InvalidArgumentException(
          "%s %s be specified with %s %s."
              .formatted(numberName, speaksOfNumber ? "must" : "cannot", typeName, type));
    }
    if (speaksOfTime != (timestamp != null)) {
      throw new InvalidArgumentException(
          "Timestamp %s be specified with %s %s."
              .formatted(speaksOfTime ? "must" : "cannot", typeName, type));
    }
    if (speaksOfNumber) {
      SequenceNumbers.parse(numberName, sequenceNumber);
    }
  }
}
