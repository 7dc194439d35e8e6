package io.millrace.channels.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.metrics.MetricRow;
import io.millrace.engine.testing.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryMetricTest {

  @Test
  void everyMetricIsInTheTable() throws Exception {
    List<String> table =
        Files.readAllLines(Path.of("../docs/metrics.md")).stream()
            .filter(line -> line.startsWith("| `millrace.channel."))
            .map(line -> line.replaceAll("(\\|[^|]*\\|[^|]*\\|[^|]*\\|[^|]*\\|).*", "$1"))
            .toList();
    assertThat(table)
        .containsExactlyElementsOf(
            Arrays.stream(DeliveryMetric.values()).map(MetricRow::of).toList());
  }

  @Test
  void metersOfAChannelGoWithIt() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    ManualClock clock = new ManualClock();
    try (EngineMetrics metrics = new EngineMetrics(clock)) {
      metrics.bind(registry);
      int before = registry.getMeters().size();
      DeliveryMeters meters = new DeliveryMeters(metrics, clock);
      meters.of("orders").failed();
      assertThat(
              registry
                  .get("millrace.channel.deliveries")
                  .tags("channel", "orders", "result", "failure")
                  .counter()
                  .count())
          .isEqualTo(1);
      meters.forget("orders");
      assertThat(registry.getMeters()).hasSize(before);
    }
  }
}
