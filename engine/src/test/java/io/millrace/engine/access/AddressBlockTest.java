package io.millrace.engine.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "9.10.99.100", "199.200.249.250", "255.255.255.255", "::", "::1"})
  void readsAddresses(String text) {
    assertThat(AddressBlock.parse(text).contains(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3.256",
        "1.2.3.400",
        "1.2.3.1000",
        "1.2.3",
        "1.2.3.4.5",
        "1",
        "",
        ".:1",
        "a::g"
      })
  void refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> AddressBlock.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesAddressesOfAnyScope() {
    assertThat(AddressBlock.parse("fe80::/10").contains("fe80::1%eth0")).isTrue();
  }
}
