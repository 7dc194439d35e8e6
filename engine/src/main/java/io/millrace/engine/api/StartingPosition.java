package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardIteratorType;
import java.time.Instant;

/**
 * A place in a shard to read on from. A member that is absent is null.
 *
 * @param type which place; required
 * @param sequenceNumber the number that AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER speak of, one
 *     of the shard that is read; null otherwise
 * @param timestamp the time that AT_TIMESTAMP speaks of, not in the future; null otherwise
 */
public record StartingPosition(ShardIteratorType type, String sequenceNumber, Instant timestamp) {

  /**
   * Checks that the members are those which the type needs, and no others. Expects a type.
   *
   * @throws InvalidArgumentException when one is missing, superfluous, or no number of ours
   */
  public void checkArguments() {
    checkArguments("SequenceNumber", "Type");
  }

  /**
   * The same, in the words of a request.
   *
   * @param numberMember what it calls the sequence number
   * @param typeMember what it calls the type
   */
  void checkArguments(String numberMember, String typeMember) {
    checkPresence(numberMember, sequenceNumber, speaksOfNumber(), typeMember);
    checkPresence("Timestamp", timestamp, type == ShardIteratorType.AT_TIMESTAMP, typeMember);
    if (speaksOfNumber()) {
      SequenceNumbers.parse(numberMember, sequenceNumber);
    }
  }

  private boolean speaksOfNumber() {
    return type == ShardIteratorType.AT_SEQUENCE_NUMBER
        || type == ShardIteratorType.AFTER_SEQUENCE_NUMBER;
  }

  private void checkPresence(String member, Object value, boolean isWanted, String typeMember) {
    if (isWanted != (value != null)) {
      throw new InvalidArgumentException(
          "%s %s be specified with %s %s."
              .formatted(member, isWanted ? "must" : "cannot", typeMember, type));
    }
  }

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
}
