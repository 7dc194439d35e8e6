package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.PUT_RECORDS_ENTRIES;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.RecordDistributionStrategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * PutRecords: stores up to 500 records, 10 MiB in total with their keys. Each has its own outcome:
 * some may be stored while others are throttled, and their order is not promised.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param records the records, 1 to 500; required
 * @param dryRun whether the request is only to be checked; then it ends with {@link
 *     DryRunOperationException} if nothing is wrong, and counts against no shard; null for no
 */
public record PutRecordsRequest(
    String streamName, String streamARN, List<PutRecordsRequestEntry> records, Boolean dryRun)
    implements StreamRequest {

  /** The largest request unless configured otherwise: 10 MiB. */
  public static final int DEFAULT_MAX_REQUEST_BYTES = 10 * 1024 * 1024;

  /** Copies the list. A list or an entry that is null is for {@link #validate()} to name. */
  public PutRecordsRequest {
    records = records == null ? null : Collections.unmodifiableList(new ArrayList<>(records));
  }

  /** A request that is carried out. */
  public PutRecordsRequest(
      String streamName, String streamARN, List<PutRecordsRequestEntry> records) {
    this(streamName, streamARN, records, null);
  }

  /** Records for the stream of this name. */
  public static PutRecordsRequest of(String streamName, List<PutRecordsRequestEntry> records) {
    return new PutRecordsRequest(streamName, null, records);
  }

  /** Records for the stream of this name. */
  public static PutRecordsRequest of(String streamName, PutRecordsRequestEntry... records) {
    return new PutRecordsRequest(streamName, null, Arrays.asList(records));
  }

  /** The same records, which are not stored. */
  public PutRecordsRequest asDryRun() {
    return new PutRecordsRequest(streamName, streamARN, records, true);
  }

  @Override
  public void validate() {
    Violations violations =
        new Violations()
            .text("streamName", streamName, STREAM_NAME)
            .text("streamARN", streamARN, STREAM_ARN)
            .required("records", records)
            .entries("records", records, PUT_RECORDS_ENTRIES);
    for (int i = 0; records != null && i < records.size(); i++) {
      PutRecordsRequestEntry entry = records.get(i);
      if (entry == null || !entry.isValid()) {
        PutRecordsRequestEntry.validate(entry, "records." + (i + 1) + ".member", violations);
      }
    }
    violations.throwIfAny();
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
    for (PutRecordsRequestEntry entry : records) {
      PutArguments.checkKeys(entry.partitionKey(), entry.explicitHashKey(), strategy);
    }
  }

  /**
   * Checks the size of each record and of all together.
   *
   * @param maxRecordBytes the largest record that the stream takes, data and partition key together
   * @param maxRequestBytes the largest request, data and partition keys of all records together
   * @throws InvalidArgumentException when a record or the request is larger
   */
  public void checkSize(int maxRecordBytes, int maxRequestBytes) {
    long total = 0;
    for (PutRecordsRequestEntry entry : records) {
      total += PutArguments.checkSize(entry.data(), entry.partitionKey(), maxRecordBytes);
    }
    if (total > maxRequestBytes) {
      throw new InvalidArgumentException(
          "The records have %d bytes of data and partition keys, a request takes %d at most."
              .formatted(total, maxRequestBytes));
    }
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
