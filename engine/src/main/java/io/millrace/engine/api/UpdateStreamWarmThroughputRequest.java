package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.AT_LEAST_ZERO;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

/**
 * UpdateStreamWarmThroughput: the throughput that an on-demand stream is ready for whatever its
 * traffic. A greater one scales the stream at once; a lower one lets it shrink to what its traffic
 * needs.
 *
 * <p>Refused with {@link ValidationException} in capacity mode PROVISIONED, {@link
 * ResourceInUseException} unless the stream is ACTIVE, {@link InvalidArgumentException} unless the
 * account is committed to a minimum throughput, {@link LimitExceededException} above 10 GiB/s or
 * what one on-demand stream may have.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param warmThroughputMiBps the throughput, MiB/s; 0 for none; required
 */
public record UpdateStreamWarmThroughputRequest(
    String streamName, String streamARN, Integer warmThroughputMiBps) implements StreamRequest {

  /** The stream of this name and the throughput that it is to be ready for, MiB/s. */
  public static UpdateStreamWarmThroughputRequest of(String streamName, int warmThroughputMiBps) {
    return new UpdateStreamWarmThroughputRequest(streamName, null, warmThroughputMiBps);
  }

  @Override
  public void validate() {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("warmThroughputMiBps", warmThroughputMiBps)
        .number("warmThroughputMiBps", warmThroughputMiBps, AT_LEAST_ZERO)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
