package io.millrace.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.gateway.TestServer;
import io.millrace.testkit.Awaits;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * Two workers of the Kinesis Client Library read a stream under the limits of Kinesis. One has a
 * process of its own, which is killed while records are put, after a split and before a merge.
 */
@Tag("clients")
class KclFailoverTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration PACE = Duration.ofMillis(100);
  private static final String MIDDLE_OF_THE_FIRST_OF_TWO = "85070591730234615865843651857942052864";

  private static TestServer server;
  private static LeaseTables leases;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start("millrace.limits.mode = kinesis");
    leases = LeaseTables.start();
  }

  @AfterAll
  static void stop() {
    server.close();
    leases.close();
  }

  /** The name of the application that reads a stream, and of its table. */
  static String application(String stream) {
    return "mill-" + stream;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void missesNothingWhenAWorkerIsKilled(boolean isFanOut) throws Exception {
    String stream = isFanOut ? "pushed" : "polled";
    Deliveries deliveries = new Deliveries();
    URI endpoint = server.tlsEndpoint();
    try (KinesisAsyncClient kinesis = KclClients.connect(endpoint);
        DynamoDbAsyncClient tables = LeaseTables.connect(leases.endpoint())) {
      kinesis.createStream(r -> r.streamName(stream).shardCount(2)).join();
      awaitActive(stream);
      try (KclWorker stays =
              new KclWorker(
                  stream,
                  application(stream),
                  "stays",
                  kinesis,
                  tables,
                  isFanOut
                      ? KclClients.fanOut(kinesis, stream, application(stream))
                      : KclClients.polling(kinesis, stream),
                  deliveries);
          Traffic traffic = new Traffic(kinesis, stream, PACE)) {
        awaitShards(deliveries, "stays");
        try (KclProcess dies =
            KclProcess.start(isFanOut, endpoint, leases.endpoint(), stream, "dies", deliveries)) {
          awaitShards(deliveries, "dies");
          awaitRecords(traffic, deliveries);
          kinesis
              .splitShard(
                  r ->
                      r.streamName(stream)
                          .shardToSplit(shard(0))
                          .newStartingHashKey(MIDDLE_OF_THE_FIRST_OF_TWO))
              .join();
          awaitActive(stream);
          awaitStart(deliveries, shard(2), shard(3));
          awaitRecords(traffic, deliveries);
          dies.kill();
        }
        awaitRecords(traffic, deliveries);
        kinesis
            .mergeShards(
                r -> r.streamName(stream).shardToMerge(shard(3)).adjacentShardToMerge(shard(1)))
            .join();
        awaitActive(stream);
        awaitStart(deliveries, shard(4));
        traffic.stop();
        awaitRecords(traffic, deliveries);
        assertThat(deliveries.count()).isEqualTo(traffic.count());
        assertThat(deliveries.shardsOf(stays.name())).contains(shard(2), shard(4));
      }
      assertThat(deliveries.faults()).isEmpty();
      assertThat(deliveries.outOfOrder()).isEmpty();
      assertThat(deliveries.ended()).containsExactlyInAnyOrder(shard(0), shard(1), shard(3));
      report(stream, deliveries);
    }
  }

  @SuppressWarnings("SystemOut") // a figure for whoever runs it
  private static void report(String stream, Deliveries deliveries) {
    System.out.printf(
        "%s: %d records, %d of them more than once%n",
        stream, deliveries.count(), deliveries.repeats());
  }

  private static void awaitShards(Deliveries deliveries, String worker) {
    Awaits.await("a shard for " + worker, PATIENCE, () -> !deliveries.shardsOf(worker).isEmpty());
  }

  /** Waits until everything that is put by now is delivered. */
  private static void awaitRecords(Traffic traffic, Deliveries deliveries) {
    int target = traffic.count();
    Awaits.await("the records put so far", PATIENCE, () -> deliveries.count() >= target);
  }

  private static void awaitStart(Deliveries deliveries, String... shards) {
    for (String shard : shards) {
      Awaits.await("a processor of " + shard, PATIENCE, () -> deliveries.isStarted(shard));
    }
  }

  /** Without a call, of which there may be only so many. */
  private static void awaitActive(String stream) {
    Awaits.get(server.millrace().awaitActive(stream));
  }

  private static String shard(int index) {
    return "shardId-%012d".formatted(index);
  }
}
