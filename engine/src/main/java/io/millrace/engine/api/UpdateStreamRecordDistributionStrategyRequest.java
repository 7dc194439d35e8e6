package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.STREAM_ARN;

import io.millrace.engine.model.RecordDistributionStrategy;

/**
 * UpdateStreamRecordDistributionStrategy: who chooses the shard of a record of an on-demand stream.
 * It holds for later puts. Refused with {@link InvalidArgumentException} for AUTO on a provisioned
 * stream.
 *
 * @param streamARN the stream; required
 * @param recordDistributionStrategy who chooses from now on; required
 */
public record UpdateStreamRecordDistributionStrategyRequest(
    String streamARN, RecordDistributionStrategy recordDistributionStrategy)
    implements StreamRequest {

  @Override
  public void validate() {
    new Violations()
        .required("streamARN", streamARN)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("recordDistributionStrategy", recordDistributionStrategy)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(null, streamARN);
  }
}
