package io.millrace.engine.internal;

import io.millrace.engine.model.Payload;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a few bytes into text that only the same engine can read or make, so that it need not
 * remember what it handed out: shard iterators and tokens for the next page.
 *
 * <p>The form is standard base64, padded, of a version byte, a purpose byte, a random nonce of 12
 * bytes, and the payload under AES-256-GCM with its tag of 16 bytes. Version and purpose are
 * authenticated with it. Sealing adds {@value #OVERHEAD_BYTES} bytes, before base64. Random nonces
 * repeat with a chance of 2^-32 once 2^32 tokens were sealed under one secret; a repeat would tell
 * how two positions differ, and no record.
 *
 * <p>Safe for any thread.
 */
public final class SealedToken {

  /** What sealing adds to the payload, in bytes. */
  public static final int OVERHEAD_BYTES = 30;

  /** What a token is for; one kind is never taken for another. */
  public enum Purpose {
    /** A place from which GetRecords reads. */
    SHARD_ITERATOR((byte) 1),
    /** Where ListShards goes on. */
    LIST_SHARDS((byte) 2),
    /** Where ListStreams goes on. */
    LIST_STREAMS((byte) 3),
    /** Where ListStreamConsumers goes on. */
    LIST_STREAM_CONSUMERS((byte) 4),
    /** Where ListChannels goes on. */
    LIST_CHANNELS((byte) 5);

    private final byte code;

    Purpose(byte code) {
      this.code = code;
    }
  }

  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 2;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int SECRET_BYTES = 32;

  private final SecretKey key;
  private final SecureRandom random;

  /**
   * Seals under this secret.
   *
   * @param secret 32 bytes
   * @param random where nonces come from
   */
  public SealedToken(Payload secret, SecureRandom random) {
    if (secret.size() != SECRET_BYTES) {
      throw new IllegalArgumentException("a secret has 32 bytes, not " + secret.size());
    }
    this.key = new SecretKeySpec(secret.toByteArray(), "AES");
    this.random = random;
  }

  /** Seals the payload for this purpose. Equal payloads give different tokens. */
  public String seal(Purpose purpose, byte[] payload) {
    byte[] header = {VERSION, purpose.code};
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, header, nonce).doFinal(payload);
      byte[] token =
          ByteBuffer.allocate(HEADER_BYTES + NONCE_BYTES + sealed.length)
              .put(header)
              .put(nonce)
              .put(sealed)
              .array();
      return Base64.getEncoder().encodeToString(token);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * The payload of a token that was sealed under the same secret for the same purpose; empty for
   * anything else, whatever it is.
   */
  public Optional<byte[]> open(Purpose purpose, String token) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length < OVERHEAD_BYTES
        || bytes[0] != VERSION
        || bytes[1] != purpose.code
        || !Base64.getEncoder().encodeToString(bytes).equals(token)) {
      return Optional.empty();
    }
    byte[] header = {VERSION, purpose.code};
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(bytes, HEADER_BYTES, nonce, 0, NONCE_BYTES);
    int start = HEADER_BYTES + NONCE_BYTES;
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, header, nonce).doFinal(bytes, start, bytes.length - start));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] header, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    return cipher;
  }
}
