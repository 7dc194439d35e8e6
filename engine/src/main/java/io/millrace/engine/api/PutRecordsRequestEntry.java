package io.millrace.engine.api;

import io.millrace.engine.model.Payload;

/**
 * One record of {@link PutRecordsRequest}.
 *
 * @param data the data, zero bytes or more; required
 * @param partitionKey chooses the shard, 1 to 256 characters
 * @param explicitHashKey a hash key that chooses the shard in its place, decimal, 0 to 2^128-1; or
 *     null
 */
public record PutRecordsRequestEntry(Payload data, String partitionKey, String explicitHashKey) {

  /** A record led by its partition key. */
  public static PutRecordsRequestEntry of(String partitionKey, Payload data) {
    return new PutRecordsRequestEntry(data, partitionKey, null);
  }

  /** The same record, led by this hash key. */
  public PutRecordsRequestEntry withExplicitHashKey(String explicitHashKey) {
    return new PutRecordsRequestEntry(data, partitionKey, explicitHashKey);
  }
}
