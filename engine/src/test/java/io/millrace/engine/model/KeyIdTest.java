package io.millrace.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyIdTest {

  private static final Account HOME = Account.of("us-east-1", "000000000000");
  private static final String GUID = "12345678-1234-1234-1234-123456789012";

  @ParameterizedTest
  @ValueSource(
      strings = {
        GUID,
        "mrk-12345678123412341234123456789012",
        "arn:aws:kms:us-east-1:123456789012:key/" + GUID,
        "arn:aws:kms:us-east-1:123456789012:alias/MyAliasName",
        "alias/MyAliasName",
        "alias/aws/kinesis"
      })
  void takesEveryFormOfTheApi(String name) {
    assertThat(new KeyId(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "alias/",
        "key/" + GUID,
        "arn:aws:kms:us-east-1:1234:key/" + GUID,
        "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        "my key"
      })
  void refusesWhatIsNoName(String name) {
    assertThatThrownBy(() -> new KeyId(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bareNamesAreThoseOfTheAccount() {
    assertThat(new KeyId(GUID).names(KeyId.ofKey(HOME, GUID), HOME)).isTrue();
    assertThat(
            KeyId.DEFAULT.names(
                new KeyId("arn:aws:kms:us-east-1:000000000000:alias/aws/kinesis"), HOME))
        .isTrue();
    assertThat(
            KeyId.DEFAULT.names(
                new KeyId("arn:aws:kms:eu-west-1:000000000000:alias/aws/kinesis"), HOME))
        .isFalse();
    assertThat(new KeyId(GUID).names(KeyId.DEFAULT, HOME)).isFalse();
  }
}
