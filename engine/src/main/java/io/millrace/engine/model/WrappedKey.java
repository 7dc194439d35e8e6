package io.millrace.engine.model;

import static java.util.Objects.requireNonNull;

/**
 * A data key as it may be stored: encrypted under a master key, worth nothing without it.
 *
 * @param masterKey what its key store needs to find the master key again, such as its ARN
 * @param bytes the encrypted key, in a form of the key store's own
 */
public record WrappedKey(String masterKey, Payload bytes) {

  public WrappedKey {
    requireNonNull(masterKey, "masterKey");
    requireNonNull(bytes, "bytes");
  }
}
