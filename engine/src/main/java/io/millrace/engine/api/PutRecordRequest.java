package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.HASH_KEY;
import static io.millrace.engine.api.Constraints.PARTITION_KEY;
import static io.millrace.engine.api.Constraints.SEQUENCE_NUMBER;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.RecordDistributionStrategy;

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
 * @param partitionKey chooses the shard, 1 to 256 characters; null only where the engine chooses
 * @param explicitHashKey a hash key that chooses the shard in its place, decimal, 0 to 2^128-1; or
 *     null
 * @param sequenceNumberForOrdering a number that the record's own must exceed, commonly that of the
 *     record put before; or null
 * @param dryRun whether the request is only to be checked; then it ends with {@link
 *     DryRunOperationException} if nothing is wrong, and counts against no shard; null for no
 * @param producerSequence which of its producer's records this is, so that a repeat is not stored
 *     again; or null
 */
public record PutRecordRequest(
    String streamName,
    String streamARN,
    Payload data,
    String partitionKey,
    String explicitHashKey,
    String sequenceNumberForOrdering,
    Boolean dryRun,
    @EmbeddedOnly ProducerSequence producerSequence)
    implements StreamRequest {

  /** A request that is carried out, of a record that no producer has numbered. */
  public PutRecordRequest(
      String streamName,
      String streamARN,
      Payload data,
      String partitionKey,
      String explicitHashKey,
      String sequenceNumberForOrdering) {
    this(
        streamName,
        streamARN,
        data,
        partitionKey,
        explicitHashKey,
        sequenceNumberForOrdering,
        null,
        null);
  }

  /** A record for the stream of this name. */
  public static PutRecordRequest of(String streamName, String partitionKey, Payload data) {
    return new PutRecordRequest(streamName, null, data, partitionKey, null, null);
  }

  /** The same record, led by this hash key. */
  public PutRecordRequest withExplicitHashKey(String explicitHashKey) {
    return new PutRecordRequest(
        streamName,
        streamARN,
        data,
        partitionKey,
        explicitHashKey,
        sequenceNumberForOrdering,
        dryRun,
        producerSequence);
  }

  /** The same record, with a number above this one. */
  public PutRecordRequest withSequenceNumberForOrdering(String sequenceNumberForOrdering) {
    return new PutRecordRequest(
        streamName,
        streamARN,
        data,
        partitionKey,
        explicitHashKey,
        sequenceNumberForOrdering,
        dryRun,
        producerSequence);
  }

  /** The same record, which is not stored. */
  public PutRecordRequest asDryRun() {
    return new PutRecordRequest(
        streamName,
        streamARN,
        data,
        partitionKey,
        explicitHashKey,
        sequenceNumberForOrdering,
        true,
        producerSequence);
  }

  /**
   * The same record, as this one of a producer's: put again under the same sequence and partition
   * key, it is stored once and answered alike, whatever its data. Once its shard may have forgotten
   * the sequence, the put fails with {@link ForgottenPutException}: a shard remembers the last 4096
   * of a producer, and the last 128 producers for 24 hours.
   */
  public PutRecordRequest withProducer(ProducerId producer, long sequence) {
    return withProducer(new ProducerSequence(producer, sequence));
  }

  /** Like {@link #withProducer(ProducerId, long)}. */
  public PutRecordRequest withProducer(ProducerSequence sequence) {
    return new PutRecordRequest(
        streamName,
        streamARN,
        data,
        partitionKey,
        explicitHashKey,
        sequenceNumberForOrdering,
        dryRun,
        sequence);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("data", data)
        .data("data", data)
        .text("partitionKey", partitionKey, PARTITION_KEY)
        .text("explicitHashKey", explicitHashKey, HASH_KEY)
        .text("sequenceNumberForOrdering", sequenceNumberForOrdering, SEQUENCE_NUMBER)
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    checkArguments(RecordDistributionStrategy.USER_PARTITION_KEY);
  }

  /**
   * Checks the arguments for a stream.
   *
   * @param strategy who chooses its shards
   */
  public void checkArguments(RecordDistributionStrategy strategy) {
    PutArguments.checkKeys(partitionKey, explicitHashKey, strategy);
    if (sequenceNumberForOrdering != null) {
      SequenceNumbers.parse("SequenceNumberForOrdering", sequenceNumberForOrdering);
    }
  }

  /**
   * Checks the size of the record.
   *
   * @param maxRecordBytes the largest record that the stream takes, data and partition key together
   * @throws InvalidArgumentException when it is larger
   */
  public void checkSize(int maxRecordBytes) {
    PutArguments.checkSize(data, partitionKey, maxRecordBytes);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
