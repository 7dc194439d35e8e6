package io.millrace.engine.encryption;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/**
 * How data keys are used.
 *
 * @param dataKeyLife how long one is kept after its key store gave it, at most 5 minutes
 * @param dataKeyBytes how many bytes of records one encrypts at most, about
 * @param timeout how long the key store may take
 */
public record EncryptionSettings(Duration dataKeyLife, long dataKeyBytes, Duration timeout) {

  /** Nobody may read longer than that after a master key was disabled. */
  static final Duration LONGEST_LIFE = Duration.ofMinutes(5);

  /** The settings in the section {@code encryption} of {@code millrace}. */
  public static EncryptionSettings of(Config encryption) {
    Duration life = encryption.getDuration("data-key-life");
    if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
      throw new ConfigException.BadValue(
          encryption.origin(), "data-key-life", "more than nothing, and at most " + LONGEST_LIFE);
    }
    return new EncryptionSettings(
        life, encryption.getBytes("data-key-bytes"), encryption.getDuration("timeout"));
  }
}
