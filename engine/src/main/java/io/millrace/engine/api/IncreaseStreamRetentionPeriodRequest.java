package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

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
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("retentionPeriodHours", retentionPeriodHours)
        .throwIfAny();
  }

  @Override
  public void checkArguments() {
    RetentionPeriod.check(retentionPeriodHours);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
