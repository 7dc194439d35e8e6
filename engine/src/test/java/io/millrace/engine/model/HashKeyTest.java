package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashKeyTest {

  private static final String MAX = "340282366920938463463374607431768211455";

  @ParameterizedTest
  @CsvSource({
    "a, 0cc175b9c0f1b6a831c399e269772661, 16955237001963240173058271559858726497",
    "partitionKey-1, 77fe6d8289696ba8510480fbe3887256, 159499196025307651934328298402289840726",
    "user-42, 7631bc07a1cc8fcd56e70fc6b2fb4a43, 157107139746365290205026809710278036035",
    "é, 66ddcd97cfdeabb2f6fb8a999b4bc76f, 136732923097551493579404309126273812335",
  })
  void hashesPartitionKeysWithMd5(String partitionKey, String hex, String decimal) {
    HashKey key = HashKey.ofPartitionKey(partitionKey);
    assertThat(key).hasToString(decimal);
    assertThat(key.toBigInteger()).isEqualTo(new BigInteger(hex, 16));
  }

  @Test
  void spansTheHashSpace() {
    assertThat(HashKey.MIN).hasToString("0");
    assertThat(HashKey.MAX).hasToString(MAX);
    assertThat(HashKey.parse(MAX)).isEqualTo(HashKey.MAX);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "01",
        "-1",
        "+1",
        "1 ",
        "0x1",
        "٣",
        "340282366920938463463374607431768211456"
      })
  void refusesWhatIsNoHashKey(String text) {
    assertThatThrownBy(() -> HashKey.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void hasNoNeighboursOutside() {
    assertThatThrownBy(HashKey.MAX::next).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(HashKey.MIN::previous).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void carriesBetweenTheHalves() {
    HashKey below = new HashKey(0, -1);
    HashKey above = new HashKey(1, 0);
    assertThat(below.next()).isEqualTo(above);
    assertThat(above.previous()).isEqualTo(below);
    assertThat(below).isLessThan(above);
  }
}
