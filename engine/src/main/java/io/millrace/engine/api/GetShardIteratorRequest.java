package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.SEQUENCE_NUMBER;
import static io.millrace.engine.api.Constraints.SHARD_ID;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.ShardIteratorType;
import java.time.Instant;

/**
 * GetShardIterator: a place in a shard from which {@link GetRecordsRequest} reads.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param shardId the shard; required
 * @param shardIteratorType which place; required
 * @param startingSequenceNumber the number that AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER speak
 *     of, one of this shard; null otherwise
 * @param timestamp the time that AT_TIMESTAMP speaks of, not in the future; null otherwise
 * @param dryRun whether the request is only to be checked; then it ends with {@link
 *     DryRunOperationException} if nothing is wrong, and counts against no shard; null for no
 */
public record GetShardIteratorRequest(
    String streamName,
    String streamARN,
    String shardId,
    ShardIteratorType shardIteratorType,
    String startingSequenceNumber,
    Instant timestamp,
    Boolean dryRun)
    implements StreamRequest {

  /** A request that is carried out. */
  public GetShardIteratorRequest(
      String streamName,
      String streamARN,
      String shardId,
      ShardIteratorType shardIteratorType,
      String startingSequenceNumber,
      Instant timestamp) {
    this(
        streamName, streamARN, shardId, shardIteratorType, startingSequenceNumber, timestamp, null);
  }

  /** The same place, for which there will be no iterator. */
  public GetShardIteratorRequest asDryRun() {
    return new GetShardIteratorRequest(
        streamName, streamARN, shardId, shardIteratorType, startingSequenceNumber, timestamp, true);
  }

  /** The oldest retained record, whichever that is at the time of reading. */
  public static GetShardIteratorRequest trimHorizon(String streamName, String shardId) {
    return of(streamName, shardId, ShardIteratorType.TRIM_HORIZON, null, null);
  }

  /** Just after the record that is the newest now. */
  public static GetShardIteratorRequest latest(String streamName, String shardId) {
    return of(streamName, shardId, ShardIteratorType.LATEST, null, null);
  }

  /** The record of this number. */
  public static GetShardIteratorRequest atSequenceNumber(
      String streamName, String shardId, String sequenceNumber) {
    return of(streamName, shardId, ShardIteratorType.AT_SEQUENCE_NUMBER, sequenceNumber, null);
  }

  /** The record after the one of this number. */
  public static GetShardIteratorRequest afterSequenceNumber(
      String streamName, String shardId, String sequenceNumber) {
    return of(streamName, shardId, ShardIteratorType.AFTER_SEQUENCE_NUMBER, sequenceNumber, null);
  }

  /** The first record that arrived at this time or later. */
  public static GetShardIteratorRequest atTimestamp(
      String streamName, String shardId, Instant timestamp) {
    return of(streamName, shardId, ShardIteratorType.AT_TIMESTAMP, null, timestamp);
  }

  private static GetShardIteratorRequest of(
      String streamName,
      String shardId,
      ShardIteratorType type,
      String sequenceNumber,
      Instant timestamp) {
    return new GetShardIteratorRequest(streamName, null, shardId, type, sequenceNumber, timestamp);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("shardId", shardId)
        .text("shardId", shardId, SHARD_ID)
        .required("shardIteratorType", shardIteratorType)
        .text("startingSequenceNumber", startingSequenceNumber, SEQUENCE_NUMBER)
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    startingPosition().checkArguments("StartingSequenceNumber", "ShardIteratorType");
  }

  /** The place. */
  public StartingPosition startingPosition() {
    return new StartingPosition(shardIteratorType, startingSequenceNumber, timestamp);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
