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
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.DisableEnhancedMonitoringRequest;
import io.millrace.engine.api.EnableEnhancedMonitoringRequest;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ProvisionedThroughputExceededException;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.PutRecordsResponse;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.Shard;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.engine.consumer.HandlerSettings;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ConsumerStatus;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.fanout.FanOut;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.Seed;
import io.millrace.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
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

  /** What was done to one shard. */
  private static final class Counted {
    private long putRecords;
    private long putBytes;
    private long writeThrottled;
    private long readRecords;
    private long readBytes;
    private long readThrottled;
    private long agedReads;
    private long pushedRecords;
    private long pushedBytes;
    private long pushedEvents;

    Counted plus(Counted other) {
      Counted sum = new Counted();
      sum.putRecords = putRecords + other.putRecords;
      sum.putBytes = putBytes + other.putBytes;
      sum.writeThrottled = writeThrottled + other.writeThrottled;
      sum.readRecords = readRecords + other.readRecords;
      sum.readBytes = readBytes + other.readBytes;
      sum.readThrottled = readThrottled + other.readThrottled;
      sum.agedReads = agedReads + other.agedReads;
      sum.pushedRecords = pushedRecords + other.pushedRecords;
      sum.pushedBytes = pushedBytes + other.pushedBytes;
      sum.pushedEvents = pushedEvents + other.pushedEvents;
      return sum;
    }
  }

  /** What was called of one operation on one stream. */
  private static final class Calls {
    private long succeeded;
    private long failed;
    private long stored;
    private long throttled;
    private long bytes;
  }

  /** What the test has done to one stream. */
  private static final class Ledger {

    private final String stream;
    private final List<Shard> shards;
    private final Map<String, Counted> byShard = new HashMap<>();
    private final Calls putRecord = new Calls();
    private final Calls putRecords = new Calls();
    private final Calls getRecords = new Calls();

    Ledger(String stream, List<Shard> shards) {
      this.stream = stream;
      this.shards = shards;
      shards.forEach(shard -> byShard.put(shard.shardId().toString(), new Counted()));
    }

    Counted of(Shard shard) {
      return byShard.get(shard.shardId().toString());
    }

    Counted sum() {
      return byShard.values().stream().reduce(new Counted(), Counted::plus);
    }
  }

  @TempDir Path directory;
  private final Clock clock = new Clock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Millrace millrace;

  @BeforeEach
  void open() {
    Config config =
        ConfigFactory.parseString(LIMITS)
            .withFallback(CrashDatabase.h2Settings(directory, "process"));
    millrace = Millrace.open(config, clock);
    millrace.bindMetrics(registry);
  }

  @AfterEach
  void close() {
    millrace.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  private StreamClient client() {
    return millrace.client();
  }

  private Ledger create(String stream, int shards) {
    Awaits.get(client().createStream(stream, shards));
    Awaits.get(millrace.awaitActive(stream));
    return new Ledger(
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

  // traffic

  private void putMany(Ledger ledger, Random random) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>();
    List<Shard> to = new ArrayList<>();
    int records = 1 + random.nextInt(25);
    for (int i = 0; i < records; i++) {
      Shard shard = ledger.shards.get(random.nextInt(ledger.shards.size()));
      to.add(shard);
      entries.add(
          PutRecordsRequestEntry.of("ключ-" + i, Payload.wrap(new byte[random.nextInt(2000)]))
              .withExplicitHashKey(shard.hashKeyRange().starting().toString()));
    }
    PutRecordsResponse response =
        Awaits.get(client().putRecords(PutRecordsRequest.of(ledger.stream, entries)));
    int stored = 0;
    for (int i = 0; i < records; i++) {
      Counted counted = ledger.of(to.get(i));
      if (response.records().get(i).isStored()) {
        long bytes =
            (long) entries.get(i).data().size()
                + entries.get(i).partitionKey().getBytes(StandardCharsets.UTF_8).length;
        stored++;
        counted.putRecords++;
        counted.putBytes += bytes;
        ledger.putRecords.bytes += bytes;
      } else {
        counted.writeThrottled++;
        ledger.putRecords.throttled++;
      }
    }
    ledger.putRecords.stored += stored;
    if (stored > 0) {
      ledger.putRecords.succeeded++;
    } else {
      ledger.putRecords.failed++;
    }
  }

  private void putOne(Ledger ledger, Shard shard, Random random) {
    int size = random.nextInt(500);
    Counted counted = ledger.of(shard);
    try {
      Awaits.get(
          client()
              .putRecord(
                  PutRecordRequest.of(ledger.stream, "key", Payload.wrap(new byte[size]))
                      .withExplicitHashKey(shard.hashKeyRange().starting().toString())));
      counted.putRecords++;
      counted.putBytes += size + 3;
      ledger.putRecord.succeeded++;
      ledger.putRecord.stored++;
      ledger.putRecord.bytes += size + 3;
    } catch (ProvisionedThroughputExceededException throttled) {
      counted.writeThrottled++;
      ledger.putRecord.failed++;
      ledger.putRecord.throttled++;
    }
  }

  private static long bytes(List<Record> records) {
    return records.stream()
        .mapToLong(
            record ->
                (long) record.data().size()
                    + record.partitionKey().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }

  /** Reads a shard in pieces, until its calls are throttled. */
  private void readAll(Ledger ledger, Shard shard) {
    Counted counted = ledger.of(shard);
    String next =
        Awaits.get(
                client()
                    .getShardIterator(
                        GetShardIteratorRequest.trimHorizon(
                            ledger.stream, shard.shardId().toString())))
            .shardIterator();
    for (int call = 0; call <= READS_PER_SECOND; call++) {
      try {
        GetRecordsResponse page =
            Awaits.get(client().getRecords(GetRecordsRequest.of(next).withLimit(30)));
        counted.readRecords += page.records().size();
        counted.readBytes += bytes(page.records());
        counted.agedReads += page.records().isEmpty() ? 0 : 1;
        ledger.getRecords.succeeded++;
        next = page.nextShardIterator();
      } catch (ProvisionedThroughputExceededException throttled) {
        counted.readThrottled++;
        ledger.getRecords.failed++;
      }
    }
  }

  private void pushAll(Ledger ledger, Shard shard, String consumerArn) {
    SubscribeToShardRequest request =
        new SubscribeToShardRequest(
            consumerArn, shard.shardId().toString(), StartingPosition.trimHorizon());
    var publisher = Awaits.get(FanOut.of(millrace).subscribeToShard(request));
    Counted counted = ledger.of(shard);
    AtomicLong missing = new AtomicLong(counted.putRecords);
    List<SubscribeToShardEvent> events =
        Awaits.get(
            Source.fromPublisher(publisher)
                .takeWhile(event -> missing.addAndGet(-event.records().size()) > 0, true)
                .runWith(Sink.seq(), millrace.system()));
    assertThat(missing).hasValue(0);
    for (SubscribeToShardEvent event : events) {
      counted.pushedEvents++;
      counted.pushedRecords += event.records().size();
      counted.pushedBytes += bytes(event.records());
    }
    assertThat(Awaits.failureOf(FanOut.of(millrace).subscribeToShard(request)))
        .isInstanceOf(LimitExceededException.class);
  }

  private String register(Ledger ledger) {
    String streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/" + ledger.stream;
    String arn =
        Awaits.get(
                client()
                    .registerStreamConsumer(new RegisterStreamConsumerRequest(streamArn, "audit")))
            .consumer()
            .consumerARN();
    Awaits.await(
        "the consumer",
        () ->
            Awaits.get(
                        client()
                            .describeStreamConsumer(
                                new DescribeStreamConsumerRequest(null, null, arn)))
                    .consumerDescription()
                    .consumerStatus()
                == ConsumerStatus.ACTIVE);
    return arn;
  }

  // comparisons

  private void assertCalls(Ledger ledger, String operation, Calls calls) {
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

  private void assertStream(Ledger ledger) {
    Counted sum = ledger.sum();
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

  private void assertShards(Ledger ledger) {
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

  private void assertPushed(Ledger ledger) {
    Counted sum = ledger.sum();
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
    Ledger orders = create("orders", 2);
    Ledger bills = create("bills", 3);
    Ledger quiet = create("quiet", 1);
    Awaits.get(
        client()
            .enableEnhancedMonitoring(
                EnableEnhancedMonitoringRequest.of("bills", MetricsName.ALL)));
    for (int i = 0; i < 12; i++) {
      putMany(orders, random);
      putMany(bills, random);
    }
    for (int i = 0; i < 30; i++) {
      putOne(orders, orders.shards.get(i % 2), random);
      putOne(bills, bills.shards.get(i % 3), random);
    }
    clock.millis.addAndGet(AGE_SECONDS * 1000);
    orders.shards.forEach(shard -> readAll(orders, shard));
    bills.shards.forEach(shard -> readAll(bills, shard));
    readAll(quiet, quiet.shards.get(0));
    String consumer = register(bills);
    bills.shards.forEach(shard -> pushAll(bills, shard, consumer));

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
    Ledger orders = create("orders", 2);
    Ledger bills = create("bills", 2);
    register(bills);
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
    putMany(bills, random);
    putMany(orders, random);

    Awaits.get(client().deleteStream(DeleteStreamRequest.of("bills").withConsumers()));
    Awaits.await("the meters to go", () -> metersOf("stream", "bills") == 0);

    assertStream(orders);
    Ledger again = create("bills", 1);
    assertThat(metersOf("stream", "bills")).isEqualTo(21);
    assertStream(again);
  }

  @Test
  void aWorkerIsCountedWhileItWorks(Seed seed) {
    Random random = seed.random("traffic");
    Ledger orders = create("orders", 2);
    for (int i = 0; i < 5; i++) {
      putMany(orders, random);
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
