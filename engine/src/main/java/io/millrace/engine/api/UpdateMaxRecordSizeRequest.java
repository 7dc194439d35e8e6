package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.MAX_RECORD_SIZE_IN_KIB;
import static io.millrace.engine.api.Constraints.STREAM_ARN;

/**
 * UpdateMaxRecordSize: changes the largest record that a stream takes. It holds for later puts;
 * larger records that are stored already stay readable.
 *
 * @param streamARN the stream; required
 * @param maxRecordSizeInKiB the largest record, data and partition key together, 1024 to 10240 KiB;
 *     required
 */
public record UpdateMaxRecordSizeRequest(String streamARN, Integer maxRecordSizeInKiB)
    implements StreamRequest {

  /** The stream of this ARN and its new largest record in KiB. */
  public static UpdateMaxRecordSizeRequest of(String streamARN, int maxRecordSizeInKiB) {
    return new UpdateMaxRecordSizeRequest(streamARN, maxRecordSizeInKiB);
  }

  @Override
  public void validate() {
    new Violations()
        .required("streamARN", streamARN)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("maxRecordSizeInKiB", maxRecordSizeInKiB)
        .number("maxRecordSizeInKiB", maxRecordSizeInKiB, MAX_RECORD_SIZE_IN_KIB)
        .throwIfAny();
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(null, streamARN);
  }
}
