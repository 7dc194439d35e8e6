package io.millrace.engine.api;

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
  public StreamReference stream() {
    return new StreamReference(null, streamARN);
  }
}
