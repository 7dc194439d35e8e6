package io.millrace.engine.api;

/**
 * GetRecords: the records from a shard iterator on, in order. A read never waits for records.
 *
 * <p>Refused with {@link ExpiredIteratorException} when the iterator is older than 300 seconds, and
 * with {@link ProvisionedThroughputExceededException} when the shard's read limits have no room.
 *
 * @param shardIterator where to read; required
 * @param limit how many records at most, 1 to 10000; null for 10000
 * @param streamARN the stream that the iterator is of, or null
 */
public record GetRecordsRequest(String shardIterator, Integer limit, String streamARN)
    implements Request {

  /** As many records from here on as one call returns. */
  public static GetRecordsRequest of(String shardIterator) {
    return new GetRecordsRequest(shardIterator, null, null);
  }

  /** The same place, with at most so many records. */
  public GetRecordsRequest withLimit(int limit) {
    return new GetRecordsRequest(shardIterator, limit, streamARN);
  }
}
