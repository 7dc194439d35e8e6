package io.millrace.engine.stream;

import io.millrace.engine.capacity.RollingQuota;
import io.millrace.engine.model.KeyId;
import java.util.Optional;

/**
 * Whether a stream's new records are stored encrypted.
 *
 * @param key the master key under which they are; empty when they are not
 * @param starts calls of StartStreamEncryption that changed it
 * @param stops calls of StopStreamEncryption
 */
record EncryptionOption(Optional<KeyId> key, RollingQuota starts, RollingQuota stops) {

  static final EncryptionOption NONE =
      new EncryptionOption(
          Optional.empty(), RollingQuota.ofEncryptionCalls(), RollingQuota.ofEncryptionCalls());

  EncryptionOption started(KeyId next, long nowMillis) {
    return new EncryptionOption(Optional.of(next), starts.take(nowMillis), stops);
  }

  EncryptionOption stopped(long nowMillis) {
    return new EncryptionOption(Optional.empty(), starts, stops.take(nowMillis));
  }
}
