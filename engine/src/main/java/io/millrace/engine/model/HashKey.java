package io.millrace.engine.model;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * A point of the hash space: an unsigned 128-bit integer, from 0 to 2^128-1. A partition key's hash
 * key is the MD5 of its UTF-8 bytes, read as a big-endian number.
 *
 * @param high the upper 64 bits, unsigned
 * @param low the lower 64 bits, unsigned
 */
public record HashKey(long high, long low) implements Comparable<HashKey> {

  /** 0. */
  public static final HashKey MIN = new HashKey(0, 0);

  /** 2^128-1. */
  public static final HashKey MAX = new HashKey(-1, -1);

  private static final Pattern FORM = Pattern.compile("0|([1-9]\\d{0,38})");
  private static final BigInteger LOW_64_BITS =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
  private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(HashKey::md5);

  /** The hash key of a partition key. */
  public static HashKey ofPartitionKey(String partitionKey) {
    return ofPartitionKey(partitionKey.getBytes(StandardCharsets.UTF_8));
  }

  /** The hash key of a partition key given as its UTF-8 bytes. */
  public static HashKey ofPartitionKey(byte[] utf8) {
    byte[] digest = MD5.get().digest(utf8);
    return new HashKey(longAt(digest, 0), longAt(digest, 8));
  }

  /**
   * The hash key of this value.
   *
   * @throws IllegalArgumentException when the value is negative or above 2^128-1
   */
  public static HashKey of(BigInteger value) {
    if (value.signum() < 0 || value.bitLength() > 128) {
      throw new IllegalArgumentException("outside 0..2^128-1: " + value);
    }
    return new HashKey(value.shiftRight(64).longValue(), value.and(LOW_64_BITS).longValue());
  }

  /**
   * Reads a decimal hash key; leading zeros, signs and blanks are not allowed.
   *
   * @throws IllegalArgumentException when the text is not of this form or above 2^128-1
   */
  public static HashKey parse(String decimal) {
    if (!FORM.matcher(decimal).matches()) {
      throw new IllegalArgumentException("not a hash key: " + decimal);
    }
    return of(new BigInteger(decimal));
  }

  /** The value as a number. */
  public BigInteger toBigInteger() {
    return new BigInteger(1, ByteBuffer.allocate(16).putLong(high).putLong(low).array());
  }

  /**
   * The hash key one above this.
   *
   * @throws IllegalStateException at {@link #MAX}
   */
  public HashKey next() {
    if (equals(MAX)) {
      throw new IllegalStateException("no hash key above the largest");
    }
    return low == -1 ? new HashKey(high + 1, 0) : new HashKey(high, low + 1);
  }

  /**
   * The hash key one below this.
   *
   * @throws IllegalStateException at {@link #MIN}
   */
  public HashKey previous() {
    if (equals(MIN)) {
      throw new IllegalStateException("no hash key below 0");
    }
    return low == 0 ? new HashKey(high - 1, -1) : new HashKey(high, low - 1);
  }

  /** Compares as unsigned numbers. */
  @Override
  public int compareTo(HashKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  /** The decimal form. */
  @Override
  public String toString() {
    return toBigInteger().toString();
  }

  private static long longAt(byte[] bytes, int at) {
    long value = 0;
    for (int i = at; i < at + Long.BYTES; i++) {
      value = value << 8 | (bytes[i] & 0xff);
    }
    return value;
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
