package io.millrace.testkit;

import java.util.Random;

/**
 * Where the randomness of a test comes from. The same seed makes the same choices. Handed to tests
 * by {@link Seeds}.
 *
 * @param value what to pass in {@code millrace.seed} to have the same test again
 */
public record Seed(long value) {

  /** Numbers for one purpose: another purpose gets others, however many this one draws. */
  public Random random(String purpose) {
    return new Random(mix(value * 31 + purpose.hashCode()));
  }

  private static long mix(long bits) {
    long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
