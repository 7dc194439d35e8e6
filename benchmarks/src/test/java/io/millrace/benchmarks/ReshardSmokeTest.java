package io.millrace.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.persistence.JdbcStorageSettings.Durability;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the benchmarks of many shards run to their end, at sizes that say nothing. */
class ReshardSmokeTest {

  private static final Lab.Sizes TINY = new Lab.Sizes(0, 0, 0, 0, 2 * Engine.BATCH_BYTES, 40);

  @TempDir private Path directory;

  private String measured(Benchmark benchmark) throws Exception {
    Span span = new Span(Duration.ofMillis(100), Duration.ofMillis(200));
    Section section = new Section(benchmark.name(), benchmark.about());
    try (Database database = new H2(directory, Durability.PROCESS)) {
      benchmark.run(new Lab(database, Durability.PROCESS, span, 1, TINY), section);
    }
    assertThat(directory).isEmptyDirectory();
    return section.markdown();
  }

  @Test
  @Tag("database")
  void ingestGoesOnThroughSplitAndMerge() throws Exception {
    assertThat(measured(new ReshardIngest()))
        .contains("| split: call until ACTIVE |")
        .contains("| merge: call until ACTIVE |")
        .contains("| records not stored | 0 |");
  }

  @Test
  @Tag("database")
  void splitsShardsOfAllSizes() throws Exception {
    assertThat(measured(new SplitSize()))
        .contains("| split of a shard of 0 MiB against an empty one |");
  }

  @Test
  @Tag("database")
  void scalesOutWithoutLoss() throws Exception {
    assertThat(measured(new ScaleOut()))
        .contains("| 32 to 64 shards |")
        .contains("| records not stored | 0 |");
  }

  @Test
  @Tag("process")
  void idleShardsArePutTo() throws Exception {
    assertThat(measured(new IdleShards()))
        .contains("| 40 shards against 4: heap after a collection |")
        .contains("| single puts to one shard |");
  }
}
