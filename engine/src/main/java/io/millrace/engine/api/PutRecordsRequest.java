package io.millrace.engine.api;

import java.util.List;

/**
 * PutRecords: stores up to 500 records, 10 MiB in total with their keys. Each has its own outcome:
 * some may be stored while others are throttled, and their order is not promised.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param records the records, 1 to 500; required
 */
public record PutRecordsRequest(
    String streamName, String streamARN, List<PutRecordsRequestEntry> records)
    implements StreamRequest {

  public PutRecordsRequest {
    records = Copies.tolerant(records);
  }

  /** Records for the stream of this name. */
  public static PutRecordsRequest of(String streamName, List<PutRecordsRequestEntry> records) {
    return new PutRecordsRequest(streamName, null, records);
  }

  /** Records for the stream of this name. */
  public static PutRecordsRequest of(String streamName, PutRecordsRequestEntry... records) {
    return new PutRecordsRequest(streamName, null, List.of(records));
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
