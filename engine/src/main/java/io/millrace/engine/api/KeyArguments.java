package io.millrace.engine.api;

import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.KeyId;

/** What StartStreamEncryption and StopStreamEncryption ask of their arguments. */
final class KeyArguments {

  private KeyArguments() {}

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
