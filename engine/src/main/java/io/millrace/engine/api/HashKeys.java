package io.millrace.engine.api;

import io.millrace.engine.model.HashKey;

/** The rule that hash keys in requests share, once their form is known to be right. */
final class HashKeys {

  private static final String LARGEST = HashKey.MAX.toString();

  private HashKeys() {}

  /** Refuses a number above 2^128-1. */
  static void check(String member, String hashKey) {
    if (isAboveLargest(hashKey)) {
      throw new InvalidArgumentException(
          "Invalid %s. %s must be in the range: [0, 2^128-1]. Specified value was %s."
              .formatted(member, member, hashKey));
    }
  }

  /** Decimals of the same length compare as text. */
  private static boolean isAboveLargest(String hashKey) {
    return hashKey.length() == LARGEST.length() && hashKey.compareTo(LARGEST) > 0;
  }
}
