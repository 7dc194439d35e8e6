package io.millrace.engine.api;

/**
 * IncreaseStreamRetentionPeriod: keeps the records of a stream for longer. What had expired before
 * does not come back.
 *
 * <p>Refused with {@link InvalidArgumentException} when the period is below the present one; the
 * present one itself is accepted and changes nothing.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param retentionPeriodHours the new period, 24 to 8760 hours; required
 */
public record IncreaseStreamRetentionPeriodRequest(
    String streamName, String streamARN, Integer retentionPeriodHours) implements StreamRequest {

  /** The stream of this name and its new retention period in hours. */
  public static IncreaseStreamRetentionPeriodRequest of(
      String streamName, int retentionPeriodHours) {
    return new IncreaseStreamRetentionPeriodRequest(streamName, null, retentionPeriodHours);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
