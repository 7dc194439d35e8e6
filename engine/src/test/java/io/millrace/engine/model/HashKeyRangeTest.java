package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class HashKeyRangeTest {

  private static final String MAX = "340282366920938463463374607431768211455";

  @Test
  void oneShardOwnsEverything() {
    assertThat(HashKeyRange.uniform(1)).containsExactly(HashKeyRange.FULL);
    assertThat(HashKeyRange.FULL).isEqualTo(range("0", MAX));
  }

  @Test
  void twoShardsOwnHalves() {
    assertThat(HashKeyRange.uniform(2))
        .containsExactly(
            range("0", "170141183460469231731687303715884105727"),
            range("170141183460469231731687303715884105728", MAX));
  }

  @Test
  void lastOfThreeShardsTakesTheRemainder() {
    // 2^128 = 3 * 113427455640312821154458202477256070485 + 1
    assertThat(HashKeyRange.uniform(3))
        .containsExactly(
            range("0", "113427455640312821154458202477256070484"),
            range(
                "113427455640312821154458202477256070485",
                "226854911280625642308916404954512140969"),
            range("226854911280625642308916404954512140970", MAX));
  }

  @Test
  void needsAtLeastOneShard() {
    assertThatThrownBy(() -> HashKeyRange.uniform(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void containsBothEnds() {
    HashKeyRange range = range("10", "20");
    assertThat(range.contains(HashKey.parse("9"))).isFalse();
    assertThat(range.contains(HashKey.parse("10"))).isTrue();
    assertThat(range.contains(HashKey.parse("20"))).isTrue();
    assertThat(range.contains(HashKey.parse("21"))).isFalse();
    assertThat(range.width()).isEqualTo(BigInteger.valueOf(11));
  }

  @Test
  void isNeverEmpty() {
    assertThat(range("7", "7").width()).isEqualTo(BigInteger.ONE);
    assertThatThrownBy(() -> range("8", "7")).isInstanceOf(IllegalArgumentException.class);
  }

  private static HashKeyRange range(String starting, String ending) {
    return new HashKeyRange(HashKey.parse(starting), HashKey.parse(ending));
  }
}
