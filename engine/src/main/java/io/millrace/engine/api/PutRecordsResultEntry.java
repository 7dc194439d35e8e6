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
 * @param errorCode {@value #THROTTLED} when the record was certainly not stored for want of budget,
 *     {@value #INTERNAL_FAILURE} when it may or may not have been stored; null when it is stored
 * @param errorMessage a sentence about it; null when the record is stored
 */
public record PutRecordsResultEntry(
    ShardId shardId, SequenceNumber sequenceNumber, String errorCode, String errorMessage) {

  /** The error code of a record for which the shard's budget had no room. */
  public static final String THROTTLED = "ProvisionedThroughputExceededException";

  /** The error code of a record that met a fault of the engine. */
  public static final String INTERNAL_FAILURE = "InternalFailure";

  public PutRecordsResultEntry {
    if (errorCode == null) {
      requireNonNull(shardId, "shardId");
      requireNonNull(sequenceNumber, "sequenceNumber");
    } else if (shardId != null || sequenceNumber != null) {
      throw new IllegalArgumentException("a record that failed has no position");
    }
    if ((errorCode == null) != (errorMessage == null)) {
      throw new IllegalArgumentException("an error has a code and a message");
    }
  }

  /** The record is durable and readable here. */
  public static PutRecordsResultEntry stored(ShardId shardId, SequenceNumber sequenceNumber) {
    return new PutRecordsResultEntry(shardId, sequenceNumber, null, null);
  }

  /** The record failed. */
  public static PutRecordsResultEntry failed(String errorCode, String errorMessage) {
    return new PutRecordsResultEntry(null, null, errorCode, errorMessage);
  }

  /** Whether the record is durable and readable. */
  public boolean isStored() {
    return errorCode == null;
  }
}
