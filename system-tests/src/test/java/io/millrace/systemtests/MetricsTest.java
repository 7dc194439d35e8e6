package io.millrace.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.engine.Consumers;
import io.millrace.engine.Millrace;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DisableEnhancedMonitoringRequest;
import io.millrace.engine.api.EnableEnhancedMonitoringRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.consumer.HandlerSettings;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.MetricsName;
import io.millrace.fanout.FanOut;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every figure is that of traffic which the test has counted itself. */
@Tag("database")
@ExtendWith(Seeds.class)
class MetricsTest {

  private static final int AGE_SECONDS = 4;
  private static final int READS_PER_SECOND = 5;

  private static final String LIMITS =
      """
      millrace.streams.consumer-delay = 0s
      millrace.limits.mode = custom
      millrace.limits.custom {
        write-records-per-second = 60
        write-bytes-per-second = 1 MiB
        read-bytes-per-second = 100 MiB
        read-calls-per-second = 5
        calls-per-second {
          get-shard-iterator = 1000, describe-stream-consumer = 1000000, create-stream = 1000
        }
      }
      """;

  /** Time stands still, so that budgets give what they have and no more. */
  private static final class Clock implements EngineClock {

    private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

    @Override
    public long epochMillis() {
      return millis.get();
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  @TempDir Path directory;
  private final Clock clock = new Clock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Millrace millrace;
  private CountedTraffic traffic;

  @BeforeEach
  void open() {
    Config config =
        ConfigFactory.parseString(LIMITS)
            .withFallback(CrashDatabase.h2Settings(directory, "process"));
    millrace = Millrace.open(config, clock);
    millrace.bindMetrics(registry);
    traffic = new CountedTraffic(millrace, READS_PER_SECOND);
  }

  @AfterEach
  void close() {
    millrace.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private StreamClient client() {
    return millrace.client();
  }

  private TrafficLedger create(String stream, int shards) {
    Awaits.get(client().createStream(stream, shards));
    Awaits.get(millrace.awaitActive(stream));
    return new TrafficLedger(
        stream, Awaits.get(client().listShards(ListShardsRequest.of(stream))).shards());
  }

  // figures

  private long count(String meter, String... tags) {
    return (long) registry.get(meter).tags(tags).counter().count();
  }

  private long seconds(String meter, String... tags) {
    return Math.round(timer(meter, tags).totalTime(TimeUnit.SECONDS));
  }

  private long total(String meter) {
    return (long) registry.get(meter).summary().totalAmount();
  }

  private long now(String meter) {
    return (long) registry.get(meter).gauge().value();
  }

  private Timer timer(String meter, String... tags) {
    return registry.get(meter).tags(tags).timer();
  }

  private long metersOf(String tag, String value) {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .filter(id -> value.equals(id.getTag(tag)))
        .count();
  }

  // comparisons

  private void assertCalls(TrafficLedger ledger, String operation, TrafficLedger.Calls calls) {
    String[] of = {"stream", ledger.stream, "operation", operation};
    assertThat(timer("millrace.calls", with(of, "result", "success")).count())
        .isEqualTo(calls.succeeded);
    assertThat(timer("millrace.calls", with(of, "result", "failure")).count())
        .isEqualTo(calls.failed);
    assertThat(count("millrace.call.records", with(of, "result", "success")))
        .isEqualTo(calls.stored);
    assertThat(count("millrace.call.bytes", of)).isEqualTo(calls.bytes);
    if (!operation.equals("GetRecords")) {
      assertThat(count("millrace.call.records", with(of, "result", "throttled")))
          .isEqualTo(calls.throttled);
      assertThat(count("millrace.call.records", with(of, "result", "failure"))).isZero();
    }
  }

  private static String[] with(String[] tags, String name, String value) {
    List<String> all = new ArrayList<>(List.of(tags));
    all.add(name);
    all.add(value);
    return all.toArray(String[]::new);
  }

  private void assertStream(TrafficLedger ledger) {
    TrafficLedger.Counted sum = ledger.sum();
    String[] of = {"stream", ledger.stream};
    assertThat(count("millrace.incoming.records", of)).isEqualTo(sum.putRecords);
    assertThat(count("millrace.incoming.bytes", of)).isEqualTo(sum.putBytes);
    assertThat(count("millrace.write.throttled", of)).isEqualTo(sum.writeThrottled);
    assertThat(count("millrace.read.throttled", of)).isEqualTo(sum.readThrottled);
    assertThat(seconds("millrace.iterator.age", of)).isEqualTo(AGE_SECONDS * sum.agedReads);
    assertThat(timer("millrace.iterator.age", of).count()).isEqualTo(ledger.getRecords.succeeded);
    ledger.getRecords.stored = sum.readRecords;
    ledger.getRecords.bytes = sum.readBytes;
    assertCalls(ledger, "PutRecord", ledger.putRecord);
    assertCalls(ledger, "PutRecords", ledger.putRecords);
    assertCalls(ledger, "GetRecords", ledger.getRecords);
  }

  private void assertShards(TrafficLedger ledger) {
    ledger.byShard.forEach(
        (shard, counted) -> {
          String[] of = {"stream", ledger.stream, "shard", shard};
          assertThat(count("millrace.shard.incoming.records", of)).isEqualTo(counted.putRecords);
          assertThat(count("millrace.shard.incoming.bytes", of)).isEqualTo(counted.putBytes);
          assertThat(count("millrace.shard.outgoing.records", of))
              .isEqualTo(counted.readRecords + counted.pushedRecords);
          assertThat(count("millrace.shard.outgoing.bytes", of))
              .isEqualTo(counted.readBytes + counted.pushedBytes);
          assertThat(count("millrace.shard.write.throttled", of)).isEqualTo(counted.writeThrottled);
          assertThat(count("millrace.shard.read.throttled", of)).isEqualTo(counted.readThrottled);
          assertThat(seconds("millrace.shard.iterator.age", of))
              .isEqualTo(AGE_SECONDS * counted.agedReads);
        });
  }

  private void assertPushed(TrafficLedger ledger) {
    TrafficLedger.Counted sum = ledger.sum();
    String[] of = {"stream", ledger.stream, "consumer", "audit"};
    int shards = ledger.shards.size();
    assertThat(count("millrace.subscribe.calls", with(of, "result", "success"))).isEqualTo(shards);
    assertThat(count("millrace.subscribe.calls", with(of, "result", "throttled")))
        .isEqualTo(shards);
    assertThat(count("millrace.subscribe.calls", with(of, "result", "failure"))).isZero();
    assertThat(count("millrace.push.events", with(of, "result", "success")))
        .isEqualTo(sum.pushedEvents);
    assertThat(count("millrace.push.events", with(of, "result", "failure"))).isZero();
    assertThat(count("millrace.push.records", of)).isEqualTo(sum.pushedRecords);
    assertThat(count("millrace.push.bytes", of)).isEqualTo(sum.pushedBytes);
    assertThat(timer("millrace.push.behind", of).count()).isEqualTo(sum.pushedEvents);
  }

  @Test
  void everyFigureIsThatOfTheTraffic(Seed seed) {
    Random random = seed.random("traffic");
    TrafficLedger orders = create("orders", 2);
    TrafficLedger bills = create("bills", 3);
    TrafficLedger quiet = create("quiet", 1);
    Awaits.get(
        client()
            .enableEnhancedMonitoring(
                EnableEnhancedMonitoringRequest.of("bills", MetricsName.ALL)));
    for (int i = 0; i < 12; i++) {
      traffic.putMany(orders, random);
      traffic.putMany(bills, random);
    }
    for (int i = 0; i < 30; i++) {
      traffic.putOne(orders, orders.shards.get(i % 2), random);
      traffic.putOne(bills, bills.shards.get(i % 3), random);
    }
    clock.millis.addAndGet(AGE_SECONDS * 1000);
    orders.shards.forEach(shard -> traffic.readAll(orders, shard));
    bills.shards.forEach(shard -> traffic.readAll(bills, shard));
    traffic.readAll(quiet, quiet.shards.get(0));
    String consumer = traffic.register(bills);
    bills.shards.forEach(shard -> traffic.pushAll(bills, shard, consumer));

    // What is to be compared has happened.
    assertThat(orders.sum().writeThrottled).isPositive();
    assertThat(bills.sum().readThrottled).isPositive();
    assertStream(orders);
    assertStream(bills);
    assertStream(quiet);
    assertShards(bills);
    assertPushed(bills);
    assertThat(metersOf("stream", "orders")).isEqualTo(21);
    long records = orders.sum().putRecords + bills.sum().putRecords;
    long bytes = orders.sum().putBytes + bills.sum().putBytes;
    assertThat(total("millrace.commit.records")).isEqualTo(records);
    assertThat(total("millrace.commit.bytes")).isEqualTo(bytes);
    assertThat(timer("millrace.commit").count())
        .isEqualTo(registry.get("millrace.commit.records").summary().count());
    assertThat(now("millrace.queue.records")).isZero();
    assertThat(now("millrace.queue.bytes")).isZero();
    assertThat(now("millrace.window.bytes")).isGreaterThan(bytes);
  }

  @Test
  void metersGoWithWhatTheyAreOf(Seed seed) {
    Random random = seed.random("traffic");
    TrafficLedger orders = create("orders", 2);
    TrafficLedger bills = create("bills", 2);
    traffic.register(bills);
    Awaits.get(
        client()
            .enableEnhancedMonitoring(
                EnableEnhancedMonitoringRequest.of("bills", MetricsName.ALL)));
    String shard = bills.shards.get(0).shardId().toString();
    assertThat(metersOf("shard", shard)).isEqualTo(7);
    Awaits.get(
        client()
            .disableEnhancedMonitoring(
                DisableEnhancedMonitoringRequest.of(
                    "bills", MetricsName.INCOMING_BYTES, MetricsName.ITERATOR_AGE_MILLISECONDS)));
    assertThat(metersOf("shard", shard)).isEqualTo(5);
    traffic.putMany(bills, random);
    traffic.putMany(orders, random);

    Awaits.get(client().deleteStream(DeleteStreamRequest.of("bills").withConsumers()));
    Awaits.await("the meters to go", () -> metersOf("stream", "bills") == 0);

    assertStream(orders);
    TrafficLedger again = create("bills", 1);
    assertThat(metersOf("stream", "bills")).isEqualTo(21);
    assertStream(again);
  }

  @Test
  void aWorkerIsCountedWhileItWorks(Seed seed) {
    Random random = seed.random("traffic");
    TrafficLedger orders = create("orders", 2);
    for (int i = 0; i < 5; i++) {
      traffic.putMany(orders, random);
    }
    Consumers consumers = Consumers.of(millrace);
    CompletableFuture<Void> all = new CompletableFuture<>();
    AtomicLong missing = new AtomicLong(orders.sum().putRecords);
    Worker worker =
        consumers.worker(
            WorkerSettings.of("app", "orders").withInitialPosition(CheckpointPosition.TRIM_HORIZON),
            consumers.handling(
                FanOut.of(millrace).retrieval(),
                HandlerSettings.DEFAULT.withCheckpoints(10, Duration.ofMillis(100)),
                record -> {
                  if (missing.decrementAndGet() == 0) {
                    all.complete(null);
                  }
                  return CompletableFuture.completedStage(null);
                }));
    Awaits.get(all);

    orders.byShard.forEach(
        (shard, counted) -> {
          String[] of = {"application", "app", "stream", "orders", "shard", shard};
          Awaits.await(
              "the records of " + shard,
              () -> count("millrace.consumer.records", of) == counted.putRecords);
          Awaits.await(
              "a checkpoint of " + shard,
              () ->
                  timer("millrace.consumer.checkpoints", with(of, "result", "success")).count()
                      > 0);
          assertThat(timer("millrace.consumer.batches", with(of, "result", "failure")).count())
              .isZero();
          assertThat(registry.get("millrace.consumer.behind").tags(of).timeGauge().value())
              .isZero();
        });
    assertThat(now("millrace.worker.leases")).isEqualTo(2);
    assertThat(count("millrace.worker.leases.taken")).isEqualTo(2);
    assertThat(count("millrace.worker.leases.lost")).isZero();
    assertThat(count("millrace.worker.failures")).isZero();
    Awaits.get(worker.shutdown());
    Awaits.await("the meters to go", () -> metersOf("application", "app") == 0);
  }
}
