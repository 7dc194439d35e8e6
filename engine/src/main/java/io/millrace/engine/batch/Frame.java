package io.millrace.engine.batch;

import io.millrace.engine.model.WrappedKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One stored event of a shard: a header of fixed form, then a body. Every event of a shard has it,
 * whatever its kind, so that a reader who seeks a time or a count needs only the first {@value
 * #HEADER_BYTES} bytes of any row.
 *
 * <pre>
 * offset bytes
 *  0     2     "MR"
 *  2     1     version, 1
 *  3     1     kind
 *  4     4     records in the body
 *  8     8     number of the event in the shard's journal
 * 16     8     records in all earlier events of the shard
 * 24     8     arrival time, epoch milliseconds
 * 32     4     bytes of the body
 * 36     4     CRC-32C of the body
 * 40     4     CRC-32C of bytes 0 to 39
 * 44           body
 * </pre>
 *
 * Integers are big-endian. Immutable: neither this class nor its users change the bytes.
 *
 * <p>A frame may be stored <em>sealed</em>: its kind is {@link #SEALED}, its header otherwise says
 * the same, and its body is encrypted. Opening it gives the frame as it was, and the key it was
 * sealed with.
 */
public final class Frame {

  /** The kind of a frame whose body is encrypted, whatever kind it was before. */
  public static final byte SEALED = 32;

  /** Bytes of the header. */
  public static final int HEADER_BYTES = 44;

  private static final short MAGIC = 0x4d52;
  private static final byte VERSION = 1;
  private static final int KIND_AT = 3;
  private static final int FACTS_BYTES = 32;
  private static final int BODY_CRC_AT = 36;
  private static final int HEADER_CRC_AT = 40;

  private final byte[] bytes;
  private final Header header;

  /** What it was sealed with before it was opened; null when it was stored as it is. */
  private final WrappedKey key;

  private Frame(byte[] bytes, Header header, WrappedKey key) {
    this.bytes = bytes;
    this.header = header;
    this.key = key;
  }

  /**
   * What a header says.
   *
   * @param kind what the body is
   * @param recordCount records in the body; 0 in every kind but records
   * @param eventNumber number of the event in the shard's journal, from 1
   * @param recordsBefore records in all earlier events of the shard
   * @param arrivalMillis when the event was decided, epoch milliseconds; never decreasing
   * @param bodyBytes bytes of the body
   */
  public record Header(
      byte kind,
      int recordCount,
      long eventNumber,
      long recordsBefore,
      long arrivalMillis,
      int bodyBytes) {

    /** Records in this event and all earlier ones. */
    public long recordsThrough() {
      return recordsBefore + recordCount;
    }
  }

  /**
   * Writes the header and its checksums.
   *
   * @param bytes the whole frame: {@value #HEADER_BYTES} bytes to be filled, then the finished
   *     body; given away
   */
  static Frame seal(
      byte[] bytes,
      byte kind,
      int recordCount,
      long eventNumber,
      long recordsBefore,
      long arrivalMillis) {
    int bodyBytes = bytes.length - HEADER_BYTES;
    ByteBuffer.wrap(bytes)
        .putShort(MAGIC)
        .put(VERSION)
        .put(kind)
        .putInt(recordCount)
        .putLong(eventNumber)
        .putLong(recordsBefore)
        .putLong(arrivalMillis)
        .putInt(bodyBytes)
        .putInt(crc(bytes, HEADER_BYTES, bodyBytes))
        .putInt(crc(bytes, 0, HEADER_CRC_AT));
    return new Frame(
        bytes,
        new Header(kind, recordCount, eventNumber, recordsBefore, arrivalMillis, bodyBytes),
        null);
  }

  /** A frame of another kind than records: its body is given whole. */
  public static Frame of(
      byte kind, long eventNumber, long recordsBefore, long arrivalMillis, byte[] body) {
    byte[] bytes = new byte[HEADER_BYTES + body.length];
    System.arraycopy(body, 0, bytes, HEADER_BYTES, body.length);
    return seal(bytes, kind, 0, eventNumber, recordsBefore, arrivalMillis);
  }

  /**
   * Reads a frame and verifies its header; the body is left to {@link #verifyBody}.
   *
   * @throws CorruptFrameException when the header fails its checksum or contradicts the row
   */
  public static Frame read(byte[] bytes) {
    Header header = readHeader(bytes);
    if (bytes.length - HEADER_BYTES != header.bodyBytes()) {
      throw new CorruptFrameException(
          "event %d has %d bytes of body instead of %d"
              .formatted(header.eventNumber(), bytes.length - HEADER_BYTES, header.bodyBytes()));
    }
    return new Frame(bytes, header, null);
  }

  /**
   * A frame that says the same of another kind, with another body.
   *
   * @param framed {@value #HEADER_BYTES} bytes to be filled, then the finished body; given away
   */
  public Frame with(byte kind, byte[] framed) {
    return seal(
        framed,
        kind,
        header.recordCount(),
        header.eventNumber(),
        header.recordsBefore(),
        header.arrivalMillis());
  }

  /** The same frame, known to be stored sealed with this key. */
  public Frame openedWith(WrappedKey sealedWith) {
    return new Frame(bytes, header, sealedWith);
  }

  /**
   * Reads and verifies a header.
   *
   * @param prefix at least the first {@value #HEADER_BYTES} bytes of a frame
   * @throws CorruptFrameException when it fails its checksum
   * @throws IllegalStateException when it passes, but is of a newer form than this release knows
   */
  public static Header readHeader(byte[] prefix) {
    if (prefix.length < HEADER_BYTES) {
      throw new CorruptFrameException("only " + prefix.length + " bytes are left of an event");
    }
    ByteBuffer buffer = ByteBuffer.wrap(prefix);
    if (buffer.getInt(HEADER_CRC_AT) != crc(prefix, 0, HEADER_CRC_AT)) {
      throw new CorruptFrameException("the header of an event fails its checksum");
    }
    if (buffer.getShort() != MAGIC || buffer.get() != VERSION) {
      throw new IllegalStateException(
          "an event is whole, but of a form that was written by a newer release than this");
    }
    return new Header(
        buffer.get(),
        buffer.getInt(),
        buffer.getLong(),
        buffer.getLong(),
        buffer.getLong(),
        buffer.getInt());
  }

  /**
   * Verifies the body.
   *
   * @throws CorruptFrameException when it fails its checksum
   */
  public void verifyBody() {
    int expected = ByteBuffer.wrap(bytes).getInt(BODY_CRC_AT);
    if (expected != crc(bytes, HEADER_BYTES, header.bodyBytes())) {
      throw new CorruptFrameException(
          "the body of event " + header.eventNumber() + " fails its checksum");
    }
  }

  /** What the header says. */
  public Header header() {
    return header;
  }

  /** Whether the body is encrypted. */
  public boolean isSealed() {
    return header.kind() == SEALED;
  }

  /** What it is stored sealed with, if it has been opened; empty when it is stored as it is. */
  public Optional<WrappedKey> key() {
    return Optional.ofNullable(key);
  }

  /** The part of the header that says something of the event, as if it were of this kind. */
  public byte[] facts(byte kind) {
    byte[] facts = Arrays.copyOf(bytes, FACTS_BYTES);
    facts[KIND_AT] = kind;
    return facts;
  }

  /** The whole frame as it is stored; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** A read-only view of the body. */
  public ByteBuffer body() {
    return ByteBuffer.wrap(bytes, HEADER_BYTES, header.bodyBytes()).slice().asReadOnlyBuffer();
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  @Override
  public String toString() {
    return "Frame[" + header + "]";
  }
}
