package io.millrace.engine.aggregate;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import java.time.Instant;
import java.util.Optional;

/**
 * A record as its producer wrote it: one that was put alone, or one of those that the Kinesis
 * Producer Library put together as a single record.
 *
 * @param sequenceNumber position of the record that was put; shared by all that were put in it
 * @param subSequenceNumber its place in that record, from 0; 0 for one that was put alone
 * @param isAggregated whether it was put together with others
 * @param approximateArrivalTimestamp when the shard accepted it, to the millisecond
 * @param data the bytes that the producer wrote
 * @param partitionKey the producer's own key
 * @param explicitHashKey the hash key that its producer gave it instead of that of its partition
 *     key; known of aggregated records only
 */
public record UserRecord(
    SequenceNumber sequenceNumber,
    long subSequenceNumber,
    boolean isAggregated,
    Instant approximateArrivalTimestamp,
    Payload data,
    String partitionKey,
    Optional<HashKey> explicitHashKey) {

  /** A record that was put alone. */
  static UserRecord alone(Record record) {
    return new UserRecord(
        record.sequenceNumber(),
        0,
        false,
        record.approximateArrivalTimestamp(),
        record.data(),
        record.partitionKey(),
        Optional.empty());
  }

  /** The hash key by which it belongs to a shard. */
  public HashKey hashKey() {
    return explicitHashKey.orElseGet(() -> HashKey.ofPartitionKey(partitionKey));
  }
}
