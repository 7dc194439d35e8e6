package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;

/**
 * What became of one record of {@link PutRecordsRequest}: either it is durable and readable, and
 * the first two members say where, or it failed, and the last two say why.
 *
 * @param shardId the shard that holds the record; null when it failed
 * @param sequenceNumber its position there; null when it failed
 * @param failure what the failure left behind, and so whether to send the record again; null when
 *     it is stored
 * @param errorMessage a sentence about the failure; null when the record is stored
 */
public record PutRecordsResultEntry(
    ShardId shardId, SequenceNumber sequenceNumber, Outcome failure, String errorMessage) {

  public PutRecordsResultEntry {
    if (failure == null) {
      requireNonNull(shardId, "shardId");
      requireNonNull(sequenceNumber, "sequenceNumber");
    } else if (shardId != null || sequenceNumber != null) {
      throw new IllegalArgumentException("a record that failed has no position");
    }
    if ((failure == null) != (errorMessage == null)) {
      throw new IllegalArgumentException("a failure has a message");
    }
  }

  /** The record is durable and readable here. */
  public static PutRecordsResultEntry stored(ShardId shardId, SequenceNumber sequenceNumber) {
    return new PutRecordsResultEntry(shardId, sequenceNumber, null, null);
  }

  /** The record failed. */
  public static PutRecordsResultEntry failed(Outcome failure, String errorMessage) {
    return new PutRecordsResultEntry(null, null, failure, errorMessage);
  }

  /** Whether the record is durable and readable. */
  public boolean isStored() {
    return failure == null;
  }

  /**
   * The error code of the API: {@code ProvisionedThroughputExceededException} when the shard's
   * budget had no room for the record, {@code InvalidArgumentException} when the shard may have
   * forgotten its number, {@code InternalFailure} when it met a fault of the engine; null when it
   * is stored.
   */
  public String errorCode() {
    if (failure == null) {
      return null;
    }
    return switch (failure) {
      case THROTTLED -> "ProvisionedThroughputExceededException";
      case FORGOTTEN -> "InvalidArgumentException";
      default -> "InternalFailure";
    };
  }
}
