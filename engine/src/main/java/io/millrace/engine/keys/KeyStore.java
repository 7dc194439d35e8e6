package io.millrace.engine.keys;

import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WrappedKey;
import java.util.Map;

/**
 * Whoever keeps master keys: it makes data keys and unwraps them, and never gives a master key
 * away. Implementations may block: the engine calls them on threads of their own, and gives an
 * answer up that takes too long. Safe for any thread.
 *
 * <p>The context goes with a data key for life: what was wrapped with one cannot be unwrapped with
 * another. The engine names the stream in it.
 */
public interface KeyStore extends AutoCloseable {

  /** Bytes of a data key. */
  int DATA_KEY_BYTES = 32;

  /**
   * A new data key.
   *
   * @param plain the key itself, {@value KeyStore#DATA_KEY_BYTES} random bytes
   * @param wrapped the same under its master key
   */
  record NewDataKey(Payload plain, WrappedKey wrapped) {}

  /**
   * Makes a data key under a master key: GenerateDataKey.
   *
   * @throws KeyStoreException when the master key cannot be used
   */
  NewDataKey generateDataKey(KeyId masterKey, Map<String, String> context);

  /**
   * Unwraps a data key, under whichever master key it was wrapped: Decrypt.
   *
   * @return the key itself, {@value #DATA_KEY_BYTES} bytes
   * @throws KeyStoreException when the master key cannot be used, or did not wrap this key in this
   *     context
   */
  Payload unwrap(WrappedKey wrapped, Map<String, String> context);

  /** Called once, after the last use. */
  @Override
  void close();
}
