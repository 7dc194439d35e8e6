package io.millrace.engine.model;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of the hash space that a shard owns. Both ends are inclusive.
 *
 * @param starting the smallest hash key of the range
 * @param ending the largest hash key of the range, not below {@code starting}
 */
public record HashKeyRange(HashKey starting, HashKey ending) {

  /** The whole hash space. */
  public static final HashKeyRange FULL = new HashKeyRange(HashKey.MIN, HashKey.MAX);

  private static final BigInteger SPACE = BigInteger.ONE.shiftLeft(128);

  public HashKeyRange {
    if (starting.compareTo(ending) > 0) {
      throw new IllegalArgumentException("empty range: " + starting + " > " + ending);
    }
  }

  /**
   * The ranges of {@code count} shards that divide the hash space evenly: each {@code floor(2^128 /
   * count)} wide, the last one takes the remainder.
   *
   * @throws IllegalArgumentException when {@code count} is below 1
   */
  public static List<HashKeyRange> uniform(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("needs at least one shard: " + count);
    }
    BigInteger width = SPACE.divide(BigInteger.valueOf(count));
    List<HashKeyRange> ranges = new ArrayList<>(count);
    HashKey start = HashKey.MIN;
    for (int i = 1; i <= count; i++) {
      HashKey end =
          i == count
              ? HashKey.MAX
              : HashKey.of(width.multiply(BigInteger.valueOf(i)).subtract(BigInteger.ONE));
      ranges.add(new HashKeyRange(start, end));
      start = i == count ? start : end.next();
    }
    return List.copyOf(ranges);
  }

  /** Whether this hash key lies in the range. */
  public boolean contains(HashKey key) {
    return starting.compareTo(key) <= 0 && key.compareTo(ending) <= 0;
  }

  /** How many hash keys the range holds, 1 to 2^128. */
  public BigInteger width() {
    return ending.toBigInteger().subtract(starting.toBigInteger()).add(BigInteger.ONE);
  }

  /** How many of all hash keys the range holds, as a part of 1: 2^-128 to 1. */
  public double shareOfSpace() {
    long low = ending.low() - starting.low();
    long borrowed = Long.compareUnsigned(ending.low(), starting.low()) < 0 ? 1 : 0;
    long high = ending.high() - starting.high() - borrowed;
    return Math.scalb(unsigned(high), -64) + Math.scalb(unsigned(low) + 1, -128);
  }

  private static double unsigned(long value) {
    double nearest = value;
    return value < 0 ? nearest + 0x1p64 : nearest;
  }

  /**
   * Where an even split puts the start of its second half: {@code starting + floor(width / 2)}. On
   * a range of at least four hash keys a split is {@linkplain #allowsSplitAt allowed} there.
   */
  public HashKey midpoint() {
    return HashKey.of(starting.toBigInteger().add(width().shiftRight(1)));
  }

  /**
   * Whether SplitShard may start its second child here: above {@code starting + 1} and below {@code
   * ending}. A range of fewer than four hash keys allows it nowhere.
   */
  public boolean allowsSplitAt(HashKey key) {
    return key.compareTo(ending) < 0
        && starting.compareTo(ending) < 0
        && starting.next().compareTo(key) < 0;
  }

  /** Whether the other range begins right after this one ends, as MergeShards asks for. */
  public boolean isFollowedBy(HashKeyRange other) {
    return !ending.equals(HashKey.MAX) && ending.next().equals(other.starting);
  }
}
