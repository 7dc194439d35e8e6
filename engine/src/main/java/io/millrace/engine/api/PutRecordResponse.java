package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;

/**
 * The answer to {@link PutRecordRequest}: the record is durable and readable.
 *
 * @param shardId the shard that holds it
 * @param sequenceNumber its position there
 * @param encryptionType whether it was encrypted
 */
public record PutRecordResponse(
    ShardId shardId, SequenceNumber sequenceNumber, EncryptionType encryptionType) {

  public PutRecordResponse {
    requireNonNull(shardId, "shardId");
    requireNonNull(sequenceNumber, "sequenceNumber");
    requireNonNull(encryptionType, "encryptionType");
  }
}
