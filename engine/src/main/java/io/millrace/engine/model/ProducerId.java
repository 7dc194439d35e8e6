package io.millrace.engine.model;

import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * One life of a producer that numbers its puts: whoever starts to count anew takes a new id. A
 * producer that survives its process keeps the id with its count, as text.
 *
 * <p>Ids have an age, by which a shard that has forgotten producers knows that one was born too
 * late to be among them. Only the order of ages counts; they are compared with no clock.
 *
 * @param bornMillis when the producer was born, epoch milliseconds, 0 or more
 * @param random tells producers apart that were born at the same time
 */
public record ProducerId(long bornMillis, long random) {

  private static final int DIGITS = 2 * 2 * Long.BYTES;

  public ProducerId {
    if (bornMillis < 0) {
      throw new IllegalArgumentException("born before 1970: " + bornMillis);
    }
  }

  /** The id of a producer that is born now. */
  public static ProducerId born(long nowMillis, RandomGenerator random) {
    return new ProducerId(nowMillis, random.nextLong());
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException when it did not
   */
  public static ProducerId parse(String text) {
    if (text.length() != DIGITS) {
      throw new IllegalArgumentException("not a producer id: " + text);
    }
    return new ProducerId(
        HexFormat.fromHexDigitsToLong(text, 0, DIGITS / 2),
        HexFormat.fromHexDigitsToLong(text, DIGITS / 2, DIGITS));
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(bornMillis) + hex.toHexDigits(random);
  }
}
