package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.DATA_BYTES;
import static io.millrace.engine.api.Constraints.HASH_KEY;
import static io.millrace.engine.api.Constraints.PARTITION_KEY;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;

/**
 * One record of {@link PutRecordsRequest}.
 *
 * @param data the data, zero bytes or more; required
 * @param partitionKey chooses the shard, 1 to 256 characters; null only where the engine chooses
 * @param explicitHashKey a hash key that chooses the shard in its place, decimal, 0 to 2^128-1; or
 *     null
 * @param producerSequence which of its producer's records this is, so that a repeat is not stored
 *     again; or null
 */
public record PutRecordsRequestEntry(
    Payload data,
    String partitionKey,
    String explicitHashKey,
    @EmbeddedOnly ProducerSequence producerSequence) {

  /** A record led by its partition key. */
  public static PutRecordsRequestEntry of(String partitionKey, Payload data) {
    return new PutRecordsRequestEntry(data, partitionKey, null, null);
  }

  /** The same record, led by this hash key. */
  public PutRecordsRequestEntry withExplicitHashKey(String explicitHashKey) {
    return new PutRecordsRequestEntry(data, partitionKey, explicitHashKey, producerSequence);
  }

  /**
   * The same record, as this one of a producer's: see {@link
   * PutRecordRequest#withProducer(ProducerId, long)}. The entry fails with {@link
   * Outcome#FORGOTTEN} once its shard may have forgotten the sequence.
   */
  public PutRecordsRequestEntry withProducer(ProducerId producer, long sequence) {
    return withProducer(new ProducerSequence(producer, sequence));
  }

  /** Like {@link #withProducer(ProducerId, long)}. */
  public PutRecordsRequestEntry withProducer(ProducerSequence sequence) {
    return new PutRecordsRequestEntry(data, partitionKey, explicitHashKey, sequence);
  }

  /** Bytes of its data and its partition key, if it has one. */
  public int size() {
    return data.size() + (partitionKey == null ? 0 : Utf8.length(partitionKey));
  }

  /** Whether {@link #validate} would find nothing; allocates nothing. */
  boolean isValid() {
    return data != null
        && DATA_BYTES.accepts(data.size())
        && (partitionKey == null || PARTITION_KEY.accepts(partitionKey))
        && (explicitHashKey == null || HASH_KEY.accepts(explicitHashKey));
  }

  static void validate(PutRecordsRequestEntry entry, String path, Violations violations) {
    violations.required(path, entry);
    if (entry != null) {
      violations
          .required(path + ".data", entry.data)
          .data(path + ".data", entry.data)
          .text(path + ".partitionKey", entry.partitionKey, PARTITION_KEY)
          .text(path + ".explicitHashKey", entry.explicitHashKey, HASH_KEY);
    }
  }
}
