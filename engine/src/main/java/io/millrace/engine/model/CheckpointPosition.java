package io.millrace.engine.model;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far an application has finished a shard: everything up to this position, itself included.
 *
 * <p>Positions of one shard are ordered: {@code AT_TIMESTAMP < TRIM_HORIZON < LATEST} are where
 * nothing has been finished yet; above them stand the sequence numbers, those of one number ordered
 * by sub-sequence number; {@code SHARD_END} is the greatest.
 *
 * @param kind what it says
 * @param sequenceNumber the last record that was finished; present for {@link Kind#NUMBER} alone
 * @param subSequenceNumber of a record that was put together of several, the index of the last one
 *     finished, or {@link #WHOLE_RECORD}; 0 unless {@link Kind#NUMBER}
 * @param epochMillis for {@link Kind#AT_TIMESTAMP} the arrival time of the first record wanted,
 *     epoch milliseconds
 */
public record CheckpointPosition(
    Kind kind,
    Optional<SequenceNumber> sequenceNumber,
    long subSequenceNumber,
    OptionalLong epochMillis)
    implements Comparable<CheckpointPosition> {

  /** What a position says, in the order of positions. */
  public enum Kind {
    /** Nothing is finished; to begin at a time. */
    AT_TIMESTAMP,
    /** Nothing is finished; to begin with the oldest record. */
    TRIM_HORIZON,
    /** Nothing is finished; to begin after the newest record. */
    LATEST,
    /** A record is finished, and all before it. */
    NUMBER,
    /** The shard is closed, and all its records are finished. */
    SHARD_END
  }

  /** The sub-sequence number of a record that is finished as a whole: above every other. */
  public static final long WHOLE_RECORD = Long.MAX_VALUE;

  /** To begin with the oldest record. */
  public static final CheckpointPosition TRIM_HORIZON = sentinel(Kind.TRIM_HORIZON);

  /** To begin after the newest record. */
  public static final CheckpointPosition LATEST = sentinel(Kind.LATEST);

  /** Everything of a closed shard is finished. */
  public static final CheckpointPosition SHARD_END = sentinel(Kind.SHARD_END);

  private static final Comparator<CheckpointPosition> ORDER =
      Comparator.comparing(CheckpointPosition::kind)
          .thenComparingLong(position -> position.epochMillis.orElse(0))
          .thenComparing(
              position -> position.sequenceNumber.orElse(null),
              Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparingLong(CheckpointPosition::subSequenceNumber);

  public CheckpointPosition {
    if (sequenceNumber.isPresent() != (kind == Kind.NUMBER)
        || epochMillis.isPresent() != (kind == Kind.AT_TIMESTAMP)
        || subSequenceNumber < 0
        || (subSequenceNumber > 0 && kind != Kind.NUMBER)) {
      throw new IllegalArgumentException(
          "not a position: %s, %s, %d, %s"
              .formatted(kind, sequenceNumber, subSequenceNumber, epochMillis));
    }
  }

  private static CheckpointPosition sentinel(Kind kind) {
    return new CheckpointPosition(kind, Optional.empty(), 0, OptionalLong.empty());
  }

  /** To begin with the first record that arrived at this time or later. */
  public static CheckpointPosition atTimestamp(Instant time) {
    return new CheckpointPosition(
        Kind.AT_TIMESTAMP, Optional.empty(), 0, OptionalLong.of(time.toEpochMilli()));
  }

  /** This record is finished as a whole, and all before it. */
  public static CheckpointPosition after(SequenceNumber number) {
    return after(number, WHOLE_RECORD);
  }

  /**
   * Of this record everything up to a sub-sequence number is finished, and all before it.
   *
   * @param subSequenceNumber index within the record, from 0
   */
  public static CheckpointPosition after(SequenceNumber number, long subSequenceNumber) {
    return new CheckpointPosition(
        Kind.NUMBER, Optional.of(number), subSequenceNumber, OptionalLong.empty());
  }

  /** Whether nothing has been finished yet. */
  public boolean isInitial() {
    return kind.compareTo(Kind.NUMBER) < 0;
  }

  /** Whether the shard is finished. */
  public boolean isShardEnd() {
    return kind == Kind.SHARD_END;
  }

  /** Whether only a part of the last record is finished. */
  public boolean isInsideRecord() {
    return kind == Kind.NUMBER && subSequenceNumber != WHOLE_RECORD;
  }

  @Override
  public int compareTo(CheckpointPosition other) {
    return ORDER.compare(this, other);
  }

  /** For people: the sentinel, or the number with what is finished of it. */
  @Override
  public String toString() {
    return switch (kind) {
      case AT_TIMESTAMP -> kind + " " + Instant.ofEpochMilli(epochMillis.orElseThrow());
      case NUMBER ->
          sequenceNumber.orElseThrow()
              + (subSequenceNumber == WHOLE_RECORD ? "" : "/" + subSequenceNumber);
      default -> kind.name();
    };
  }
}
