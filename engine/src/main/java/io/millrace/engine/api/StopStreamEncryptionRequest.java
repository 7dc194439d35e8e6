package io.millrace.engine.api;

import io.millrace.engine.model.EncryptionType;

/**
 * StopStreamEncryption: new records of a stream are stored in the clear. Records that are stored
 * already stay encrypted, and need their key.
 *
 * @param streamName the stream, unless {@code streamARN} names it
 * @param streamARN the stream, unless {@code streamName} names it
 * @param encryptionType {@link EncryptionType#KMS}, nothing else; required
 * @param keyId the master key that the stream has now, by the name it was started with or the ARN
 *     of that; required
 */
public record StopStreamEncryptionRequest(
    String streamName, String streamARN, EncryptionType encryptionType, String keyId)
    implements StreamRequest {

  /** The stream of this name, which is encrypted under this master key. */
  public static StopStreamEncryptionRequest of(String streamName, String keyId) {
    return new StopStreamEncryptionRequest(streamName, null, EncryptionType.KMS, keyId);
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
