package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @CsvSource({
    "0, shardId-000000000000",
    "7, shardId-000000000007",
    "1234567890, shardId-001234567890",
    "2147483647, shardId-002147483647",
  })
  void shardIdHasTwelveDigits(int index, String text) {
    assertThat(new ShardId(index)).hasToString(text);
    assertThat(ShardId.parse(text)).isEqualTo(new ShardId(index));
  }

  @ParameterizedTest
  @ValueSource(strings = {"shardId-7", "shardId-007", "shardId-000000000000000007"})
  void shardIdIsTakenByItsNumber(String text) {
    assertThat(ShardId.parse(text)).isEqualTo(new ShardId(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "shardId-",
        "shardid-7",
        "shardId--7",
        "shardId-7 ",
        "shardId-٧",
        "shardId-2147483648",
        "shardId-9999999999999999999"
      })
  void refusesWhatIsNoShardId(String text) {
    assertThatThrownBy(() -> ShardId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shardIdsOrderByIndex() {
    assertThat(new ShardId(9)).isLessThan(new ShardId(10));
    assertThatThrownBy(() -> new ShardId(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void streamNameHasAFewKindsOfCharacters() {
    assertThat(new StreamName("Orders_2.eu-1")).hasToString("Orders_2.eu-1");
    assertThat(new StreamName("a".repeat(128)).value()).hasSize(128);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ä", "a\n"})
  void refusesWhatIsNoStreamName(String text) {
    assertThatThrownBy(() -> new StreamName(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesLongStreamName() {
    assertThatThrownBy(() -> new StreamName("a".repeat(129)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void accountHasTwelveDigits() {
    assertThat(Account.of("us-east-1", "000000000000").partition()).isEqualTo("aws");
    assertThatThrownBy(() -> Account.of("us-east-1", "12"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
