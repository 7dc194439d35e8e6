package io.millrace.engine.model;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * The position of a record: unique in its stream, strictly increasing within its shard, with gaps.
 * Outside it is a decimal string; numbers compare as integers, never as text.
 *
 * <p>The layout is that of Kinesis, version 2: 47 hexadecimal digits, written as one decimal
 * number. From the left: the constant 2; 9 digits of shard creation time in epoch seconds; the low
 * 4 bits of the shard index; 16 digits of counter (63 bits); {@code 00}; 9 digits of put time in
 * epoch seconds; 8 digits of shard index; the constant 2.
 *
 * <p>The counter names the stored row: its upper 43 bits are the number of the event in the shard's
 * journal, its lower {@value #INDEX_BITS} bits the index of the record in that event. Event numbers
 * start at 1, so every record lies above {@link #first} and below {@link #last}.
 *
 * @param createdSeconds creation time of the shard, epoch seconds, 36 bits
 * @param counter event number and index, 63 bits
 * @param putSeconds time of the put, epoch seconds, 36 bits
 * @param shardIndex index of the shard, 0 or more
 */
public record SequenceNumber(long createdSeconds, long counter, long putSeconds, int shardIndex)
    implements Comparable<SequenceNumber> {

  /** Bits of the counter that hold the index of a record in its event. */
  public static final int INDEX_BITS = 20;

  /** The largest number of records that one event can hold. */
  public static final int MAX_RECORDS_PER_EVENT = 1 << INDEX_BITS;

  /** The counter that closes a shard; no record has it. */
  public static final long LAST_COUNTER = Long.MAX_VALUE;

  private static final int DECIMAL_DIGITS = 56;
  private static final int BYTES = 24; // 47 hexadecimal digits after a 0
  private static final byte[] NO_BYTES = {};
  private static final long NINE_DIGITS = 1_000_000_000;
  private static final long MAX_SECONDS = (1L << 36) - 1;
  private static final Comparator<SequenceNumber> AS_INTEGERS =
      Comparator.comparingLong(SequenceNumber::createdSeconds)
          .thenComparingInt(number -> number.shardIndex & 0xf)
          .thenComparingLong(SequenceNumber::counter)
          .thenComparingLong(SequenceNumber::putSeconds)
          .thenComparingInt(SequenceNumber::shardIndex);

  public SequenceNumber {
    if (createdSeconds < 0
        || createdSeconds > MAX_SECONDS
        || putSeconds < 0
        || putSeconds > MAX_SECONDS
        || counter < 0
        || shardIndex < 0) {
      throw new IllegalArgumentException(
          "outside the layout: created %d, counter %d, put %d, shard %d"
              .formatted(createdSeconds, counter, putSeconds, shardIndex));
    }
  }

  /** The starting sequence number of a shard: below every record of it. */
  public static SequenceNumber first(long createdSeconds, int shardIndex) {
    return new SequenceNumber(createdSeconds, 0, createdSeconds, shardIndex);
  }

  /** The ending sequence number of a closed shard: above every record of it. */
  public static SequenceNumber last(long createdSeconds, int shardIndex, long closedSeconds) {
    return new SequenceNumber(createdSeconds, LAST_COUNTER, closedSeconds, shardIndex);
  }

  /** The counter of the record at {@code index} in the event {@code eventNumber}. */
  public static long counter(long eventNumber, int index) {
    return eventNumber << INDEX_BITS | index;
  }

  /** The event number that a counter names. */
  public static long eventNumberOf(long counter) {
    return counter >>> INDEX_BITS;
  }

  /** The index within its event that a counter names. */
  public static int indexOf(long counter) {
    return (int) (counter & (MAX_RECORDS_PER_EVENT - 1));
  }

  /**
   * Reads the decimal form.
   *
   * @throws IllegalArgumentException when the text is not a number of this layout
   */
  public static SequenceNumber parse(String decimal) {
    byte[] bytes = isDecimal(decimal) ? new BigInteger(decimal).toByteArray() : NO_BYTES;
    if (bytes.length == BYTES && bytes[0] == 2 && bytes[14] == 0 && (bytes[23] & 0xf) == 2) {
      ByteBuffer layout = ByteBuffer.wrap(bytes);
      long head = layout.getLong(0) >>> 16;
      long counter = layout.getLong(6);
      long tail = layout.getLong(16);
      int shardIndex = (int) (tail >>> 4);
      if (counter >= 0 && shardIndex >= 0 && (head & 0xf) == (shardIndex & 0xf)) {
        return new SequenceNumber(
            head >>> 4 & MAX_SECONDS, counter, (bytes[15] & 0xffL) << 28 | tail >>> 36, shardIndex);
      }
    }
    throw new IllegalArgumentException("not a sequence number of version 2: " + decimal);
  }

  /** The shard that gave this number. */
  public ShardId shardId() {
    return new ShardId(shardIndex);
  }

  @Override
  public int compareTo(SequenceNumber other) {
    return AS_INTEGERS.compare(this, other);
  }

  /** The decimal form. */
  @Override
  public String toString() {
    long head = 2L << 40 | createdSeconds << 4 | (shardIndex & 0xf);
    long tail = putSeconds << 36 | (long) shardIndex << 4 | 2;
    return decimal(
        (int) (head >>> 16),
        (int) (head << 16 | counter >>> 48),
        (int) (counter >>> 16),
        (int) (counter << 16 | putSeconds >>> 28),
        (int) (tail >>> 32),
        (int) tail);
  }

  /** Nine digits at a time, the last ones first: each division leaves them as its remainder. */
  private static String decimal(int... number) {
    byte[] digits = new byte[DECIMAL_DIGITS];
    for (int end = DECIMAL_DIGITS; end > 0; end -= 9) {
      long remainder = 0;
      for (int i = 0; i < number.length; i++) {
        long dividend = remainder << 32 | Integer.toUnsignedLong(number[i]);
        number[i] = (int) (dividend / NINE_DIGITS);
        remainder = dividend % NINE_DIGITS;
      }
      for (int at = end - 1; at >= Math.max(0, end - 9); at--) {
        digits[at] = (byte) ('0' + remainder % 10);
        remainder /= 10;
      }
    }
    return new String(digits, StandardCharsets.ISO_8859_1);
  }

  /** Every number of the layout has as many digits. */
  private static boolean isDecimal(String text) {
    if (text.length() != DECIMAL_DIGITS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
