package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.millrace.persistence.internal.StorageDataSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.StreamStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobSpacerTest {

  private static final String INSERT =
      "INSERT INTO \"snapshot\" VALUES ('a', ?, 0, 1, '', ?, NULL, NULL, NULL)";

  private static final HexFormat HEX = HexFormat.of();

  @TempDir Path temporary;

  /** Each row also takes some 25 KiB of index pages and of H2's own; twice would be 150 KiB. */
  @Test
  void payloadsAreWrittenOnce() throws Exception {
    var directory = temporary.toRealPath();
    var disk = new Disk(0);
    PowerLossFilePath.mount(directory.toString(), disk);
    var settings =
        ConfigFactory.parseString("millrace.storage.jdbc.h2.housekeeping-interval = 1h")
            .withFallback(H2Fixture.in(directory))
            .withFallback(ConfigFactory.load())
            .getConfig("millrace");
    try (var storage = new JdbcStorageProvider(PowerLossFilePath.SCHEME).open(settings)) {
      var source = new StorageDataSource();
      source.setStorage(PluginConfigTest.idOf(storage));
      try (var connection = source.getConnection()) {
        insert(connection, 0, 10);
        var before = disk.bytesWritten();
        insert(connection, 10, 50);
        assertThat(disk.bytesWritten() - before).isBetween(50L * 64 * 1024, 50L * 110 * 1024);
      }
    } finally {
      PowerLossFilePath.unmount(directory.toString());
    }
  }

  private static void insert(Connection connection, int first, int rows) throws SQLException {
    var payload = new byte[64 * 1024];
    try (var statement = connection.prepareStatement(INSERT)) {
      for (var number = first; number < first + rows; number++) {
        new Random(number).nextBytes(payload);
        statement.setInt(1, number);
        statement.setBytes(2, payload);
        statement.executeUpdate();
      }
    }
  }

  /** H2's own parts, in any order of what happens to them. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noBlockIsLostAndOneSpacerIsLeft(long seed) throws Exception {
    var random = new Random(seed);
    var file = temporary.resolve("store").toString();
    var stored = new TreeMap<Integer, String>();
    for (var life = 0; life < 4; life++) {
      try (var store = MVStore.open(file)) {
        MVMap<Long, byte[]> blocks = store.openMap("lobData");
        var streams = new StreamStore(blocks);
        if (blocks.lastKey() != null) {
          streams.setNextKey(blocks.lastKey() + 1);
        }
        var spacer = new BlobSpacer(store);
        for (var commit = 0; commit < 30; commit++) {
          change(random, streams, stored);
          spacer.beforeCommit();
          store.commit();
          assertThat(spacers(blocks)).isLessThanOrEqualTo(1);
          assertStored(streams, stored);
        }
      }
    }
  }

  /** Some are stored, some removed, some stored and removed at once, as when undone. */
  private static void change(Random random, StreamStore streams, Map<Integer, String> stored)
      throws IOException {
    for (var i = random.nextInt(4); i > 0; i--) {
      var seed = random.nextInt();
      stored.put(seed, HEX.formatHex(streams.put(new ByteArrayInputStream(content(seed)))));
    }
    if (random.nextInt(3) == 0) {
      streams.remove(streams.put(new ByteArrayInputStream(new byte[random.nextInt(40_000)])));
    }
    if (random.nextInt(2) == 0 && !stored.isEmpty()) {
      streams.remove(HEX.parseHex(stored.remove(stored.keySet().iterator().next())));
    }
    if (random.nextInt(20) == 0) {
      stored.values().forEach(id -> streams.remove(HEX.parseHex(id)));
      stored.clear();
    }
  }

  private static byte[] content(int seed) {
    var random = new Random(seed);
    var content = new byte[random.nextInt(random.nextInt(8) == 0 ? 600_000 : 40_000)];
    random.nextBytes(content);
    return content;
  }

  private static long spacers(MVMap<Long, byte[]> blocks) {
    return blocks.values().stream().filter(block -> block.length == 0).count();
  }

  private static void assertStored(StreamStore streams, Map<Integer, String> stored)
      throws IOException {
    for (var each : stored.entrySet()) {
      try (var blob = streams.get(HEX.parseHex(each.getValue()))) {
        assertThat(blob.readAllBytes()).isEqualTo(content(each.getKey()));
      }
    }
  }
}
