package io.millrace.engine.api;

import io.millrace.engine.model.EncryptionType;

/**
 * StartStreamEncryption: new records of a stream are stored encrypted under this master key, also
 * when they were under another one before. Records that are stored already stay as they are.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param encryptionType {@link EncryptionType#KMS}, nothing else; required
 * @param keyId the master key: a key id, an alias such as {@code alias/aws/kinesis}, or the ARN of
 *     either; required
 */
public record StartStreamEncryptionRequest(
    String streamName, String streamARN, EncryptionType encryptionType, String keyId)
    implements StreamRequest {

  /** The stream of this name, under this master key. */
  public static StartStreamEncryptionRequest of(String streamName, String keyId) {
    return new StartStreamEncryptionRequest(streamName, null, EncryptionType.KMS, keyId);
  }

  @Override
  public void validate() {
    KeyArguments.validate(streamName, streamARN, encryptionType, keyId);
  }

  @Override
  public void checkArguments() {
    KeyArguments.check(encryptionType, keyId);
  }

  @Override
  public StreamReference stream() {
    return new StreamReference(streamName, streamARN);
  }
}
