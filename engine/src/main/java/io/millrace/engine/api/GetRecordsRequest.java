package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.AT_LEAST_ONE;
import static io.millrace.engine.api.Constraints.SHARD_ITERATOR;
import static io.millrace.engine.api.Constraints.STREAM_ARN;

/**
 * GetRecords: the records from a shard iterator on, in order. A read never waits for records.
 *
 * <p>Refused with {@link ExpiredIteratorException} when the iterator is older than 300 seconds, and
 * with {@link ProvisionedThroughputExceededException} when the shard's read limits have no room.
 *
 * @param shardIterator where to read; required
 * @param limit how many records at most, 1 to 10000; null for 10000
 * @param streamARN the stream that the iterator is of, or null
 * @param dryRun whether the request is only to be checked; then it ends with {@link
 *     DryRunOperationException} if nothing is wrong, and counts against no shard; null for no
 */
public record GetRecordsRequest(
    String shardIterator, Integer limit, String streamARN, Boolean dryRun) implements Request {

  /** The most records that one call returns. */
  public static final int MAX_LIMIT = 10_000;

  /** A request that is carried out. */
  public GetRecordsRequest(String shardIterator, Integer limit, String streamARN) {
    this(shardIterator, limit, streamARN, null);
  }

  /** As many records from here on as one call returns. */
  public static GetRecordsRequest of(String shardIterator) {
    return new GetRecordsRequest(shardIterator, null, null);
  }

  /** The same place, with at most so many records. */
  public GetRecordsRequest withLimit(int limit) {
    return new GetRecordsRequest(shardIterator, limit, streamARN, dryRun);
  }

  /** The same place, from which nothing is read. */
  public GetRecordsRequest asDryRun() {
    return new GetRecordsRequest(shardIterator, limit, streamARN, true);
  }

  @Override
  public void validate() {
    new Violations()
        .required("shardIterator", shardIterator)
        .text("shardIterator", shardIterator, SHARD_ITERATOR)
        .number("limit", limit, AT_LEAST_ONE)
        .text("streamARN", streamARN, STREAM_ARN)
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    // GetRecords: a limit above the largest is an invalid argument, though the service description
    // has it as a constraint.
    if (limit != null && limit > MAX_LIMIT) {
      throw new InvalidArgumentException(
          "Limit must not be greater than %d: %d.".formatted(MAX_LIMIT, limit));
    }
  }
}
