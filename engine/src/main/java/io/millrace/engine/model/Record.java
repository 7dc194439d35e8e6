package io.millrace.engine.model;

import java.time.Instant;

/**
 * One record as it is read from a shard.
 *
 * @param sequenceNumber its position
 * @param approximateArrivalTimestamp when the shard accepted it, to the millisecond; never
 *     decreasing within a shard
 * @param data the bytes that were put
 * @param partitionKey the key that was put
 * @param encryptionType whether it is stored encrypted
 */
@SuppressWarnings("JavaLangClash") // the API calls it so
public record Record(
    SequenceNumber sequenceNumber,
    Instant approximateArrivalTimestamp,
    Payload data,
    String partitionKey,
    EncryptionType encryptionType) {

  /** A record that is stored as it came. */
  public Record(
      SequenceNumber sequenceNumber,
      Instant approximateArrivalTimestamp,
      Payload data,
      String partitionKey) {
    this(sequenceNumber, approximateArrivalTimestamp, data, partitionKey, EncryptionType.NONE);
  }
}
