package io.millrace.engine.api;

import io.millrace.engine.model.Payload;

/**
 * PutRecord: stores one record in the shard that its key leads to.
 *
 * <p>Refused with {@link InvalidArgumentException} when the record is larger than the stream takes
 * or there is no partition key, and with {@link ProvisionedThroughputExceededException} when the
 * shard's budget has no room for it.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param data the data, zero bytes or more; required
 * @param partitionKey chooses the shard, 1 to 256 characters
 * @param explicitHashKey a hash key that chooses the shard in its place, decimal, 0 to 2^128-1; or
 *     null
 * @param sequenceNumberForOrdering a number that the record's own must exceed, commonly that of the
 *     record put before; or null
 */
public record PutRecordRequest(
    String streamName,
    String streamARN,
    Payload data,
    String partitionKey,
    String explicitHashKey,
    String sequenceNumberForOrdering)
    implements StreamRequest {

  /** A record for the stream of this name. */
  public static PutRecordRequest of(String streamName, String partitionKey, Payload data) {
    return new PutRecordRequest(streamName, null, data, partitionKey, null, null);
  }

  /** The same record, led by this hash key. */
  public PutRecordRequest withExplicitHashKey(String explicitHashKey) {
    return new PutRecordRequest(
        streamName, streamARN, data, partitionKey, explicitHashKey, sequenceNumberForOrdering);
  }

  /** The same record, with a number above this one. */
  public PutRecordRequest withSequenceNumberForOrdering(String sequenceNumberForOrdering) {
    return new PutRecordRequest(
        streamName, streamARN, data, partitionKey, explicitHashKey, sequenceNumberForOrdering);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
