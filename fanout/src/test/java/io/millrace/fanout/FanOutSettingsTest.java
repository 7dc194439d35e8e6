package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

class FanOutSettingsTest {

  private static FanOutSettings settings(String hocon) {
    return FanOutSettings.of(
        ConfigFactory.parseString(hocon).withFallback(ConfigFactory.load()).getConfig("millrace"));
  }

  @Test
  void limitsAreThoseOfKinesisNoneOrGiven() {
    assertThat(settings("").bytesPerSecond()).hasValue(2 << 20);
    assertThat(settings("millrace.limits.mode = off").bytesPerSecond()).isEmpty();
    assertThat(
            settings("millrace.limits { mode = custom, custom.read-bytes-per-second = 3 KiB }")
                .bytesPerSecond())
        .hasValue(3 << 10);
  }

  @Test
  void eventHoldsAMebibyteOrAThousandRecordsAtMost() {
    assertThat(settings("").forEvents().maxBytes()).isEqualTo(1 << 20);
    assertThat(settings("").forEvents().maxRecords()).isEqualTo(1_000);
    assertThat(settings("millrace.fan-out.max-records = 7").forEvents().maxRecords()).isEqualTo(7);
  }

  @Test
  void elementOfAPublisherHoldsMore() {
    assertThat(settings("").maxBytes()).isEqualTo(2 << 20);
    assertThat(settings("").maxRecords()).isEqualTo(10_000);
  }

  @Test
  void elementHasRoom() {
    assertThatThrownBy(() -> settings("millrace.fan-out.max-records = 0"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
