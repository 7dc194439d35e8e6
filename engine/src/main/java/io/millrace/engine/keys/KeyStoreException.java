package io.millrace.engine.keys;

import io.millrace.engine.model.KeyFailure;
import java.util.Optional;

/** A master key cannot be used, or its key store does not answer. Nothing was done. */
public final class KeyStoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final KeyFailure reason;

  public KeyStoreException(KeyFailure reason, String message) {
    super(message);
    this.reason = reason;
  }

  public KeyStoreException(KeyFailure reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why the key is not to be had. */
  public KeyFailure reason() {
    return reason;
  }

  /** The failure of a key store that lies behind this one, if one does. */
  public static Optional<KeyStoreException> within(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof KeyStoreException found) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }
}
