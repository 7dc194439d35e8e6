package io.millrace.engine.model;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The data of one record: opaque bytes, never inspected or changed by the engine. Zero bytes are
 * allowed. Immutable; equality is by content. Safe for any thread.
 *
 * <p>A payload that was read is a slice of the stored batch it came with: holding one keeps that
 * whole batch (at most about 1 MiB, or one larger record) reachable. {@link #toByteArray()} makes
 * an independent copy.
 */
public final class Payload {

  /** The payload of zero bytes. */
  public static final Payload EMPTY = new Payload(new byte[0], 0, 0);

  private final byte[] bytes;
  private final int offset;
  private final int size;

  private Payload(byte[] bytes, int offset, int size) {
    this.bytes = bytes;
    this.offset = offset;
    this.size = size;
  }

  /** A payload of these bytes, copied. */
  public static Payload of(byte[] bytes) {
    return wrap(bytes.clone());
  }

  /** A payload of the remaining bytes, copied; the buffer's position does not move. */
  public static Payload of(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return wrap(copy);
  }

  /** The UTF-8 bytes of a text. */
  public static Payload utf8(String text) {
    return wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A payload over these bytes without a copy. The caller gives the array away: writing to it
   * afterwards corrupts the record.
   */
  public static Payload wrap(byte[] bytes) {
    return new Payload(requireNonNull(bytes, "bytes"), 0, bytes.length);
  }

  /** A payload over a slice of these bytes without a copy, under the rule of {@link #wrap}. */
  public static Payload wrap(byte[] bytes, int offset, int size) {
    checkFromIndexSize(offset, size, bytes.length);
    return new Payload(bytes, offset, size);
  }

  /** The number of bytes. */
  public int size() {
    return size;
  }

  /**
   * A part of this payload, without a copy.
   *
   * @throws IndexOutOfBoundsException when it does not lie within
   */
  public Payload slice(int from, int count) {
    checkFromIndexSize(from, count, size);
    return new Payload(bytes, offset + from, count);
  }

  /** Whether its first bytes are those of another one. */
  public boolean startsWith(Payload prefix) {
    return size >= prefix.size
        && Arrays.equals(
            bytes,
            offset,
            offset + prefix.size,
            prefix.bytes,
            prefix.offset,
            prefix.offset + prefix.size);
  }

  /** An independent copy of the bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, offset, offset + size);
  }

  /** A read-only view of the bytes, without a copy. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes, offset, size).asReadOnlyBuffer().slice();
  }

  /** The bytes decoded as UTF-8; malformed input becomes the replacement character. */
  public String utf8() {
    return new String(bytes, offset, size, StandardCharsets.UTF_8);
  }

  /** Copies the bytes to {@code target}, from index {@code at} on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(bytes, offset, target, at, size);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that
        && Arrays.equals(
            bytes, offset, offset + size, that.bytes, that.offset, that.offset + that.size);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + size; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return "Payload[" + size + " bytes]";
  }
}
