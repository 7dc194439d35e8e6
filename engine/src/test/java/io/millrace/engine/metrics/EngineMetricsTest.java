package io.millrace.engine.metrics;

import static io.millrace.engine.model.MetricsName.INCOMING_BYTES;
import static io.millrace.engine.model.MetricsName.INCOMING_RECORDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.testing.ManualClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Meters come with what they are of, count in every registry, and go with it. */
class EngineMetricsTest {

  private static final StreamName ORDERS = new StreamName("orders");
  private static final ConsumerName AUDIT = new ConsumerName("audit");
  private static final ShardId SHARD_0 = new ShardId(0);
  private static final ShardId SHARD_1 = new ShardId(1);

  private final ManualClock clock = new ManualClock();
  private final EngineMetrics metrics = new EngineMetrics(clock);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    metrics.close();
    registry.close();
  }

  private void show(long incarnation, Set<ShardId> shards, Set<MetricsName> shardLevel) {
    metrics.show(ORDERS, incarnation, shards, Set.of(AUDIT), shardLevel);
  }

  private double count(EngineMetric metric, String... tags) {
    return registry.get(metric.meterName()).tags(tags).counter().count();
  }

  private List<Meter> metersOf(String tag, String value) {
    return registry.getMeters().stream()
        .filter(meter -> value.equals(meter.getId().getTag(tag)))
        .toList();
  }

  @Test
  void countsForEveryRegistryFromWhenItIsBound() {
    show(1, Set.of(SHARD_0), Set.of());
    metrics.stream(ORDERS, 1).stored(SHARD_0, 7, 70);
    metrics.bind(registry);
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    metrics.bind(second);

    metrics.stream(ORDERS, 1).stored(SHARD_0, 2, 30);

    assertThat(count(EngineMetric.INCOMING_RECORDS, "stream", "orders")).isEqualTo(2);
    assertThat(second.get("millrace.incoming.bytes").counter().count()).isEqualTo(30);
    metrics.unbind(second);
    assertThat(second.getMeters()).isEmpty();
    assertThat(registry.getMeters()).isNotEmpty();
  }

  @Test
  void shardsAreCountedAsFarAsThatIsSwitchedOn() {
    metrics.bind(registry);
    show(1, Set.of(SHARD_0), Set.of());
    metrics.stream(ORDERS, 1).stored(SHARD_0, 1, 10);
    assertThat(metersOf("shard", SHARD_0.toString())).isEmpty();

    show(1, Set.of(SHARD_0), Set.of(INCOMING_BYTES));
    metrics.stream(ORDERS, 1).stored(SHARD_0, 1, 20);
    show(1, Set.of(SHARD_0, SHARD_1), Set.of(INCOMING_BYTES, INCOMING_RECORDS));
    metrics.stream(ORDERS, 1).stored(SHARD_0, 1, 40);

    String shard = SHARD_0.toString();
    assertThat(count(EngineMetric.SHARD_INCOMING_BYTES, "shard", shard)).isEqualTo(60);
    assertThat(count(EngineMetric.SHARD_INCOMING_RECORDS, "shard", shard)).isEqualTo(1);
    assertThat(metersOf("shard", shard)).hasSize(2);
    assertThat(metersOf("shard", SHARD_1.toString())).hasSize(2);
    show(1, Set.of(SHARD_1), Set.of(INCOMING_RECORDS));
    assertThat(metersOf("shard", shard)).isEmpty();
    assertThat(metersOf("shard", SHARD_1.toString())).hasSize(1);
  }

  @Test
  void aStreamTakesItsMetersWithIt() {
    metrics.bind(registry);
    int before = registry.getMeters().size();
    show(1, Set.of(SHARD_0), MetricsName.named(Set.of(MetricsName.ALL)));
    assertThat(metersOf("consumer", "audit")).isNotEmpty();

    metrics.withdraw(ORDERS, 1);

    assertThat(registry.getMeters()).hasSize(before);
    metrics.stream(ORDERS, 1).stored(SHARD_0, 1, 10);
    metrics.stream(ORDERS, 1).pushed(AUDIT, SHARD_0, 1, 10, 0);
    assertThat(registry.getMeters()).hasSize(before);
  }

  @Test
  void aStreamOfTheSameNameBeginsAtZero() {
    metrics.bind(registry);
    show(1, Set.of(SHARD_0), Set.of());
    metrics.stream(ORDERS, 1).stored(SHARD_0, 5, 50);

    show(2, Set.of(SHARD_0), Set.of());
    metrics.withdraw(ORDERS, 1);
    metrics.stream(ORDERS, 1).stored(SHARD_0, 5, 50);
    metrics.stream(ORDERS, 2).stored(SHARD_0, 1, 10);

    assertThat(count(EngineMetric.INCOMING_RECORDS)).isEqualTo(1);
  }

  @Test
  void aLeaseThatChangesHandsKeepsItsMeters() {
    metrics.bind(registry);
    WorkerMeter first = metrics.worker(new ApplicationName("app"), ORDERS, "first");
    WorkerMeter second = metrics.worker(new ApplicationName("app"), ORDERS, "second");
    LeaseMeter old = first.lease(SHARD_0);
    old.begun(clock.epochMillis());
    LeaseMeter now = second.lease(SHARD_0);
    now.processed(3, 30, 1000);
    old.close();
    now.processed(1, 10, 1000);

    assertThat(count(EngineMetric.CONSUMER_RECORDS)).isEqualTo(4);
    now.begun(clock.epochMillis());
    clock.advance(Duration.ofSeconds(9));
    assertThat(registry.get("millrace.consumer.behind").timeGauge().value()).isEqualTo(9);
    now.left(0);
    assertThat(registry.get("millrace.consumer.behind").timeGauge().value()).isZero();
    now.close();
    first.close();
    second.close();
    assertThat(metersOf("application", "app")).isEmpty();
  }

  @Test
  void closingLeavesNothingInARegistry() {
    metrics.bind(registry);
    show(1, Set.of(SHARD_0), Set.of());
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void aMeterHasTheTagsOfItsMetric() {
    assertThatThrownBy(() -> metrics.meters("shard", "x").counter(EngineMetric.INCOMING_BYTES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("millrace.incoming.bytes");
  }

  @Test
  void everyMetricIsRegisteredAsItSays() {
    metrics.bind(registry);
    metrics.meters().gauge(EngineMetric.WINDOW_BYTES, this, any -> 0);
    show(1, Set.of(SHARD_0), MetricsName.named(Set.of(MetricsName.ALL)));
    WorkerMeter worker = metrics.worker(new ApplicationName("app"), ORDERS, "w");
    LeaseMeter lease = worker.lease(SHARD_0);

    Set<String> registered =
        registry.getMeters().stream().map(EngineMetricsTest::form).collect(Collectors.toSet());
    Set<String> described =
        Arrays.stream(EngineMetric.values())
            .map(EngineMetricsTest::form)
            .collect(Collectors.toSet());

    assertThat(registered).isEqualTo(described);
    lease.close();
    worker.close();
  }

  private static String form(Meter meter) {
    Set<String> tags = new TreeSet<>();
    meter.getId().getTags().forEach(tag -> tags.add(tag.getKey()));
    Metric.Kind kind =
        switch (meter.getId().getType()) {
          case COUNTER -> Metric.Kind.COUNTER;
          case TIMER -> Metric.Kind.TIMER;
          case DISTRIBUTION_SUMMARY -> Metric.Kind.SUMMARY;
          case GAUGE -> Metric.Kind.GAUGE;
          default -> throw new AssertionError(meter.getId());
        };
    return "%s %s %s %s"
        .formatted(meter.getId().getName(), kind, meter.getId().getBaseUnit(), tags);
  }

  private static String form(Metric metric) {
    return "%s %s %s %s"
        .formatted(metric.meterName(), metric.kind(), metric.unit(), new TreeSet<>(metric.tags()));
  }

  @Test
  void everyMetricIsInTheTable() throws Exception {
    List<String> table =
        Files.readAllLines(Path.of("../docs/metrics.md")).stream()
            .filter(line -> line.matches("\\| `millrace\\.[a-z.]+` \\| [a-z]+ \\|.*"))
            .filter(line -> !line.matches("\\| `millrace\\.(mapping|channel|gateway)\\..*"))
            .map(line -> line.replaceAll("(\\|[^|]*\\|[^|]*\\|[^|]*\\|[^|]*\\|).*", "$1"))
            .toList();
    assertThat(table)
        .containsExactlyElementsOf(
            Arrays.stream(EngineMetric.values()).map(MetricRow::of).toList());
  }
}
