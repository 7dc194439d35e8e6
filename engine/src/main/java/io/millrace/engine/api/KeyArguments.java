package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.KEY_ID;
import static io.millrace.engine.api.Constraints.STREAM_ARN;
import static io.millrace.engine.api.Constraints.STREAM_NAME;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.KeyId;

/** What StartStreamEncryption and StopStreamEncryption ask of their arguments. */
final class KeyArguments {

  private KeyArguments() {}

  static void validate(
      String streamName, String streamARN, EncryptionType encryptionType, String keyId) {
    new Violations()
        .text("streamName", streamName, STREAM_NAME)
        .text("streamARN", streamARN, STREAM_ARN)
        .required("encryptionType", encryptionType)
        .required("keyId", keyId)
        .text("keyId", keyId, KEY_ID)
        .throwIfAny();
  }

  static void check(EncryptionType type, String keyId) {
    if (type != EncryptionType.KMS) {
      throw new InvalidArgumentException("EncryptionType must be KMS, not %s.".formatted(type));
    }
    try {
      new KeyId(keyId);
    } catch (IllegalArgumentException notAKey) {
      throw new InvalidArgumentException("KeyId %s.".formatted(notAKey.getMessage()));
    }
  }
}
