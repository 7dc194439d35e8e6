package io.millrace.processors.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.metrics.MetricRow;
import io.millrace.engine.testing.ManualClock;
import io.millrace.processors.lane.Outcome;
import io.millrace.processors.lane.Tally;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What mappings count, and its table. */
class MappingMetricTest {

  @Test
  void everyMetricIsInTheTable() throws Exception {
    List<String> table =
        Files.readAllLines(Path.of("../docs/metrics.md")).stream()
            .filter(line -> line.startsWith("| `millrace.mapping."))
            .map(line -> line.replaceAll("(\\|[^|]*\\|[^|]*\\|[^|]*\\|[^|]*\\|).*", "$1"))
            .toList();
    assertThat(table)
        .containsExactlyElementsOf(
            Arrays.stream(MappingMetric.values()).map(MetricRow::of).toList());
  }

  @Test
  void metersOfAMappingGoWithIt() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (EngineMetrics metrics = new EngineMetrics(new ManualClock())) {
      metrics.bind(registry);
      int before = registry.getMeters().size();
      MappingMeters meters = new MappingMeters(metrics);
      MappingMeter meter = meters.of("uuid");
      meter.calls(7, false);
      meter.called(
          new Outcome.Failed(Outcome.Kind.ERROR, "no"), 2_000_000_000L, OptionalLong.of(5));
      meter.calls(7, true);
      meter.called(Outcome.success(), 1_000_000_000L, OptionalLong.of(3_000));
      meter.called(new Outcome.NotReached("busy"), 1, OptionalLong.empty());
      meter.passed(new Tally(12, 3, 7, 70, 2));
      meter.noticeFailed();

      assertThat(
              registry
                  .get("millrace.mapping.calls")
                  .tags("mapping", "uuid", "result", "failure")
                  .timer()
                  .totalTime(java.util.concurrent.TimeUnit.SECONDS))
          .isEqualTo(2);
      assertThat(count(registry, "success")).isEqualTo(1);
      assertThat(count(registry, "throttled")).isEqualTo(1);
      assertThat(registry.get("millrace.mapping.retries").counter().count()).isEqualTo(1);
      assertThat(registry.get("millrace.mapping.call.records").summary().totalAmount())
          .isEqualTo(14);
      assertThat(registry.get("millrace.mapping.iterator.age").timeGauge().value()).isEqualTo(3);
      assertThat(registry.get("millrace.mapping.notices.lost").functionCounter().count())
          .isEqualTo(1);
      assertThat(records(registry, "processed")).isEqualTo(7);
      assertThat(records(registry, "filtered")).isEqualTo(3);
      assertThat(records(registry, "discarded")).isEqualTo(2);
      meters.forget("uuid");
      assertThat(registry.getMeters()).hasSize(before);
    }
  }

  private static long count(SimpleMeterRegistry registry, String result) {
    return registry.get("millrace.mapping.calls").tag("result", result).timer().count();
  }

  private static double records(SimpleMeterRegistry registry, String result) {
    return registry.get("millrace.mapping.records").tag("result", result).functionCounter().count();
  }
}
