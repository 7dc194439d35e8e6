package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import io.millrace.persistence.JdbcStorageSettings.DatabaseKind;
import io.millrace.persistence.JdbcStorageSettings.Durability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcStorageSettingsTest {

  private static JdbcStorageSettings settings(String overrides) {
    return JdbcStorageSettings.of(
        ConfigFactory.parseString(overrides)
            .withFallback(ConfigFactory.load())
            .resolve()
            .getConfig("millrace"));
  }

  @Test
  void defaultsAreTheSafeOnes() {
    var settings = settings("");

    assertThat(settings.database()).isEqualTo(DatabaseKind.H2);
    assertThat(settings.durability()).isEqualTo(Durability.SYNCED);
    assertThat(settings.directory()).isEmpty();
    assertThat(settings.connectionTimeout()).isLessThan(settings.circuitBreaker().callTimeout());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "millrace.storage.jdbc.database = oracle",
        "millrace.storage.jdbc.durability = perhaps",
        "millrace.storage.jdbc.connections.journal = 0",
        "millrace.storage.jdbc.connection-timeout = soon"
      })
  void nonsenseIsRefused(String nonsense) {
    assertThatThrownBy(() -> settings(nonsense))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISCONFIGURED));
  }

  @Test
  void h2NeedsDirectory() {
    assertThatThrownBy(
            () -> new JdbcStorageProvider().open(ConfigFactory.load().getConfig("millrace")))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISCONFIGURED))
        .hasMessageContaining("millrace.storage.directory");
  }

  @Test
  void passwordIsNotShown() {
    var settings = settings("millrace.storage.jdbc.postgresql.password = geheim");

    assertThat(settings.toString()).doesNotContain("geheim");
  }
}
