package io.millrace.channels.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@link ChannelSettings}. */
class ChannelSettingsTest {

  private static ChannelSettings with(String hocon) {
    Config config = ConfigFactory.parseString(hocon).withFallback(ConfigFactory.load());
    return ChannelSettings.of(config.getConfig("millrace"));
  }

  @Test
  void aShardMayGatherForLessThanTheWatchdogWaits() {
    assertThat(with("").maxFreshness()).isEqualTo(Duration.ofMinutes(15));
    assertThat(with("millrace.consumers.progress-timeout = 901s").maxFreshness())
        .isEqualTo(Duration.ofMinutes(15));
    assertThatThrownBy(() -> with("millrace.consumers.progress-timeout = 900s"))
        .isInstanceOf(ConfigException.BadValue.class)
        .hasMessageContaining("must be less than millrace.consumers.progress-timeout");
  }
}
