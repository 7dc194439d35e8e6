package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.storage.Storage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginConfigTest {

  @TempDir Path directory;

  /** The id under which pools find the storage. */
  static String idOf(Storage storage) {
    var plugin = storage.plugin();
    return plugin
        .journalConfig()
        .getConfig(plugin.journalId())
        .getString("slick.db.properties.storage");
  }

  private Storage open() {
    return TestStorage.open(H2Fixture.in(directory));
  }

  @Test
  void defaultsThatHurtAreMended() {
    try (var storage = open()) {
      var journal = storage.plugin().journalConfig().getConfig(storage.plugin().journalId());

      assertThat(journal.getInt("replayBatchSize")).isEqualTo(16);
      assertThat(journal.getBoolean("write-response-global-order")).isFalse();
      assertThat(journal.getString("replay-filter.mode")).isEqualTo("fail");
      assertThat(journal.getInt("slick.db.numThreads"))
          .isEqualTo(journal.getInt("slick.db.maxConnections"));
    }
  }

  @Test
  void eachOpenStorageHasIdsOfItsOwn() {
    String first;
    try (var storage = open()) {
      first = storage.plugin().journalId();
    }
    try (var storage = open()) {
      assertThat(storage.plugin().journalId()).isNotEqualTo(first);
      assertThat(storage.plugin().snapshotId()).isNotEqualTo(storage.plugin().journalId());
    }
  }
}
