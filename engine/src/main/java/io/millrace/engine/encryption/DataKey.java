package io.millrace.engine.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WrappedKey;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A data key at hand: it seals and opens events until it is to be forgotten. Safe for any thread.
 */
public final class DataKey {

  private final WrappedKey wrapped;
  private final Aead aead;
  private final long untilNanos;
  private final AtomicLong usedBytes = new AtomicLong();

  private DataKey(WrappedKey wrapped, Aead aead, long untilNanos) {
    this.wrapped = wrapped;
    this.aead = aead;
    this.untilNanos = untilNanos;
  }

  /**
   * A key just given by its key store.
   *
   * @param untilNanos when it is to be forgotten, monotonic nanoseconds
   */
  static DataKey of(Payload plain, WrappedKey wrapped, long untilNanos) {
    try {
      return new DataKey(wrapped, new AesGcmJce(plain.toByteArray()), untilNanos);
    } catch (GeneralSecurityException notAKey) {
      throw new IllegalStateException("a data key has 32 bytes, not " + plain.size(), notAKey);
    }
  }

  /** The same key as it is stored. */
  WrappedKey wrapped() {
    return wrapped;
  }

  boolean isAtHand(long nowNanos) {
    return untilNanos - nowNanos > 0;
  }

  /** Bytes it has encrypted. */
  long usedBytes() {
    return usedBytes.get();
  }

  byte[] encrypt(byte[] plain, byte[] associated) {
    usedBytes.addAndGet(plain.length);
    try {
      return aead.encrypt(plain, associated);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-GCM does not encrypt", impossible);
    }
  }

  byte[] decrypt(byte[] sealed, byte[] associated) throws GeneralSecurityException {
    return aead.decrypt(sealed, associated);
  }
}
