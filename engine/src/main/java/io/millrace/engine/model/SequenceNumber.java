package io.millrace.engine.model;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Pattern;

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

  private static final Pattern FORM = Pattern.compile("0|([1-9]\\d{0,128})");
  private static final int HEX_DIGITS = 47;
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
    if (!FORM.matcher(decimal).matches()) {
      throw new IllegalArgumentException("not a sequence number: " + decimal);
    }
    String hex = new BigInteger(decimal).toString(16);
    if (hex.length() != HEX_DIGITS
        || hex.charAt(0) != '2'
        || hex.charAt(46) != '2'
        || !hex.startsWith("00", 27)) {
      throw new IllegalArgumentException("not a sequence number of version 2: " + decimal);
    }
    long index = Long.parseLong(hex.substring(38, 46), 16);
    long counter = Long.parseUnsignedLong(hex.substring(11, 27), 16);
    if (index > Integer.MAX_VALUE
        || counter < 0
        || Character.digit(hex.charAt(10), 16) != (index & 0xf)) {
      throw new IllegalArgumentException("not a sequence number of version 2: " + decimal);
    }
    return new SequenceNumber(
        Long.parseLong(hex.substring(1, 10), 16),
        counter,
        Long.parseLong(hex.substring(29, 38), 16),
        (int) index);
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
    String hex =
        String.format(
            "2%09x%x%016x00%09x%08x2",
            createdSeconds, shardIndex & 0xf, counter, putSeconds, shardIndex);
    return new BigInteger(hex, 16).toString();
  }
}
