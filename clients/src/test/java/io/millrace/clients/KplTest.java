package io.millrace.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded;
import com.amazonaws.services.dynamodbv2.local.shared.access.AmazonDynamoDBLocal;
import io.millrace.engine.Consumers;
import io.millrace.engine.consumer.HandlerSettings;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.gateway.SdkClients;
import io.millrace.gateway.TestServer;
import io.millrace.testkit.Awaits;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * The Kinesis Producer Library, whose native process speaks TLS only, writes; the KCL and the
 * workers of the engine read what it aggregated.
 */
@Tag("clients")
class KplTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int KEYS = 50;
  private static final int MAX_OUTSTANDING = 2000;
  private static final byte[] MAGIC = HexFormat.of().parseHex("f3899ac2");
  private static final int DIGEST_BYTES = 16;
  private static final String MIDDLE_OF_THE_FIRST_OF_TWO = "85070591730234615865843651857942052864";

  private static TestServer server;
  private static AmazonDynamoDBLocal leases;
  private static KinesisAsyncClient kinesis;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    leases = DynamoDBEmbedded.create();
    kinesis = SdkClients.async(server.endpoint(), NettyNioAsyncHttpClient.builder());
  }

  @AfterAll
  static void stop() {
    kinesis.close();
    server.close();
    leases.shutdown();
  }

  @Test
  void storesAggregatesAsSentAndUnpacksThem() throws Exception {
    String stream = "aggregated";
    create(stream);
    KinesisProducer producer = producer();
    List<CompletableFuture<UserRecordResult>> results = new ArrayList<>();
    int round = 0;
    while (!isAggregating(results)) {
      putRound(producer, stream, round++, results);
    }
    for (int more = 0; more < 100; more++) {
      putRound(producer, stream, round++, results);
    }
    finish(producer, results);
    int expected = round * KEYS;

    List<Record> stored = stored(stream);
    List<Record> aggregates = stored.stream().filter(KplTest::isAggregate).toList();
    assertThat(aggregates).isNotEmpty();
    assertThat(stored).hasSizeLessThan(expected);
    assertThat(aggregates).allSatisfy(record -> assertThat(record.partitionKey()).isEqualTo("a"));

    Deliveries toLibrary = new Deliveries();
    try (KclWorker worker = kclWorker(stream, toLibrary)) {
      Awaits.await(
          "all records at " + worker.name(), PATIENCE, () -> toLibrary.count() == expected);
    }
    assertThat(toLibrary.faults()).isEmpty();
    assertThat(toLibrary.aggregated()).isPositive();

    Deliveries toEngine = new Deliveries();
    Worker worker = engineWorker(stream, toEngine);
    Awaits.await("all records", PATIENCE, () -> toEngine.count() == expected);
    Awaits.get(worker.shutdown());
    assertThat(toEngine.faults()).isEmpty();
    assertThat(toEngine.aggregated()).isEqualTo(toLibrary.aggregated());
    assertThat(toEngine.repeats()).isEqualTo(toLibrary.repeats());
  }

  /** The map of shards that the producer keeps is wrong for a while. */
  @Test
  void losesNothingWhenAShardIsSplitUnderTheProducer() throws Exception {
    String stream = "split";
    create(stream);
    Deliveries toLibrary = new Deliveries();
    Deliveries toEngine = new Deliveries();
    KinesisProducer producer = producer();
    List<CompletableFuture<UserRecordResult>> results = new ArrayList<>();
    Worker engineWorker = engineWorker(stream, toEngine);
    try (KclWorker kclWorker = kclWorker(stream, toLibrary)) {
      int round = 0;
      while (results.stream().noneMatch(CompletableFuture::isDone)) {
        putRound(producer, stream, round++, results);
      }
      kinesis
          .splitShard(
              r ->
                  r.streamName(stream)
                      .shardToSplit("shardId-000000000000")
                      .newStartingHashKey(MIDDLE_OF_THE_FIRST_OF_TWO))
          .join();
      CompletableFuture<UserRecordResult> landedInAChild = null;
      while (landedInAChild == null) {
        putRound(producer, stream, round++, results);
        landedInAChild = results.stream().filter(KplTest::isInAChild).findFirst().orElse(null);
      }
      for (int more = 0; more < 50; more++) {
        putRound(producer, stream, round++, results);
      }
      finish(producer, results);

      int expected = round * KEYS;
      Awaits.await(
          "all records at " + kclWorker.name(), PATIENCE, () -> toLibrary.count() == expected);
      Awaits.await("all records", PATIENCE, () -> toEngine.count() == expected);
    }
    Awaits.get(engineWorker.shutdown());
    assertThat(toLibrary.faults()).isEmpty();
    assertThat(toEngine.faults()).isEmpty();
    report(toLibrary, toEngine);
  }

  @SuppressWarnings("SystemOut") // a figure for whoever runs it
  private static void report(Deliveries toLibrary, Deliveries toEngine) {
    System.out.printf(
        "KPL: %d records, %d aggregated; more than once: %d to the KCL, %d to the engine's"
            + " worker%n",
        toLibrary.count(), toLibrary.aggregated(), toLibrary.repeats(), toEngine.repeats());
  }

  /** Whether two have become one record. It does not begin before it knows the shards. */
  private static boolean isAggregating(List<CompletableFuture<UserRecordResult>> results) {
    List<String> numbers =
        results.stream()
            .filter(CompletableFuture::isDone)
            .map(result -> result.join().getSequenceNumber())
            .toList();
    return Set.copyOf(numbers).size() < numbers.size();
  }

  private static boolean isInAChild(CompletableFuture<UserRecordResult> result) {
    return result.isDone() && result.join().getShardId().compareTo("shardId-000000000002") >= 0;
  }

  private static KinesisProducer producer() {
    URI endpoint = server.tlsEndpoint();
    return new KinesisProducer(
        new KinesisProducerConfiguration()
            .setKinesisEndpoint(endpoint.getHost())
            .setKinesisPort(endpoint.getPort())
            .setVerifyCertificate(false)
            .setRegion("eu-west-1")
            .setMetricsLevel("none")
            .setLogLevel("error")
            .setCredentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"))));
  }

  private static void putRound(
      KinesisProducer producer,
      String stream,
      int round,
      List<CompletableFuture<UserRecordResult>> results) {
    Awaits.await(
        "room at the producer", () -> producer.getOutstandingRecordsCount() < MAX_OUTSTANDING);
    for (int key = 0; key < KEYS; key++) {
      Numbered record = new Numbered("key-" + key, round);
      results.add(
          future(
              producer.addUserRecord(
                  stream,
                  record.key(),
                  ByteBuffer.wrap(record.text().getBytes(StandardCharsets.UTF_8)))));
    }
  }

  private static <T> CompletableFuture<T> future(
      com.google.common.util.concurrent.ListenableFuture<T> listenable) {
    CompletableFuture<T> future = new CompletableFuture<>();
    listenable.addListener(
        () -> {
          try {
            future.complete(listenable.get());
          } catch (java.util.concurrent.ExecutionException failure) {
            future.completeExceptionally(failure.getCause());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        Runnable::run);
    return future;
  }

  private static void finish(
      KinesisProducer producer, List<CompletableFuture<UserRecordResult>> results)
      throws Exception {
    producer.flush();
    CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    producer.destroy();
    assertThat(results).allMatch(result -> result.join().isSuccessful());
  }

  private static KclWorker kclWorker(String stream, Deliveries deliveries) {
    return new KclWorker(
        stream,
        "mill-" + stream,
        "reader",
        kinesis,
        leases.dynamoDbAsyncClient(),
        new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(200),
        deliveries);
  }

  private static Worker engineWorker(String stream, Deliveries deliveries) {
    Consumers consumers = Consumers.of(server.millrace());
    return consumers.worker(
        WorkerSettings.of("engine-" + stream, stream)
            .withInitialPosition(CheckpointPosition.TRIM_HORIZON),
        consumers.handling(
            consumers.polling(),
            HandlerSettings.DEFAULT.withInFlight(1),
            record -> {
              Numbered content = Numbered.of(ByteBuffer.wrap(record.data().toByteArray()));
              if (!content.key().equals(record.partitionKey())) {
                deliveries.fault(content + " came under the key " + record.partitionKey());
              }
              deliveries.delivered(stream, content, record.isAggregated());
              return CompletableFuture.completedStage(null);
            }));
  }

  /** The magic, and the digest of what stands behind it. */
  private static boolean isAggregate(Record record) {
    byte[] data = record.data().asByteArray();
    if (data.length < MAGIC.length + DIGEST_BYTES
        || !Arrays.equals(MAGIC, Arrays.copyOf(data, MAGIC.length))) {
      return false;
    }
    int end = data.length - DIGEST_BYTES;
    return Arrays.equals(
        md5(Arrays.copyOfRange(data, MAGIC.length, end)),
        Arrays.copyOfRange(data, end, data.length));
  }

  private static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Record> stored(String stream) {
    List<Record> records = new ArrayList<>();
    for (Shard shard : kinesis.listShards(r -> r.streamName(stream)).join().shards()) {
      String iterator =
          kinesis
              .getShardIterator(
                  r ->
                      r.streamName(stream)
                          .shardId(shard.shardId())
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .join()
              .shardIterator();
      GetRecordsResponse page;
      do {
        String next = iterator;
        page = kinesis.getRecords(r -> r.shardIterator(next)).join();
        records.addAll(page.records());
        iterator = page.nextShardIterator();
      } while (page.millisBehindLatest() > 0);
    }
    return records;
  }

  private static void create(String stream) {
    kinesis.createStream(r -> r.streamName(stream).shardCount(2)).join();
    Awaits.await(
        "an active stream",
        () ->
            kinesis
                    .describeStreamSummary(r -> r.streamName(stream))
                    .join()
                    .streamDescriptionSummary()
                    .streamStatus()
                == StreamStatus.ACTIVE);
  }
}
