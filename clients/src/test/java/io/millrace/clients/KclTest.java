package io.millrace.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.dynamodbv2.local.embedded.DynamoDBEmbedded;
import com.amazonaws.services.dynamodbv2.local.shared.access.AmazonDynamoDBLocal;
import io.millrace.gateway.TestServer;
import io.millrace.testkit.Awaits;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;

/**
 * Two workers of the Kinesis Client Library read a stream that is written to, split and merged;
 * then one of them leaves. Leases are in DynamoDB Local. The second starts when the first is at
 * work: of two that find no tables, the library lets one fail for good.
 */
@Tag("clients")
class KclTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String MIDDLE_OF_THE_FIRST_OF_TWO = "85070591730234615865843651857942052864";

  private static TestServer server;
  private static AmazonDynamoDBLocal leases;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    leases = DynamoDBEmbedded.create();
  }

  @AfterAll
  static void stop() {
    server.close();
    leases.shutdown();
  }

  enum Way {
    POLLING,
    POLLING_OVER_TLS,
    FAN_OUT,
    FAN_OUT_OVER_TLS;

    URI endpoint() {
      return this == POLLING || this == FAN_OUT ? server.endpoint() : server.tlsEndpoint();
    }

    KinesisAsyncClient connect() {
      return KclClients.connect(endpoint());
    }

    RetrievalSpecificConfig retrieval(
        KinesisAsyncClient kinesis, String stream, String application) {
      return switch (this) {
        case POLLING, POLLING_OVER_TLS -> KclClients.polling(kinesis, stream);
        case FAN_OUT, FAN_OUT_OVER_TLS -> KclClients.fanOut(kinesis, stream, application);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void missesNothingThroughASplitAMergeAndADeparture(Way way) throws Exception {
    String stream = "orders-" + way.name().toLowerCase(java.util.Locale.ROOT);
    Deliveries deliveries = new Deliveries();
    try (KinesisAsyncClient kinesis = way.connect()) {
      kinesis.createStream(r -> r.streamName(stream).shardCount(2)).join();
      awaitActive(kinesis, stream);
      try (KclWorker stays = worker(way, kinesis, stream, "stays", deliveries);
          Traffic traffic = new Traffic(kinesis, stream)) {
        awaitShards(deliveries, stays);
        try (KclWorker leaves = worker(way, kinesis, stream, "leaves", deliveries)) {
          awaitShards(deliveries, leaves);
          awaitRecords(traffic, deliveries);

          kinesis
              .splitShard(
                  r ->
                      r.streamName(stream)
                          .shardToSplit(shard(0))
                          .newStartingHashKey(MIDDLE_OF_THE_FIRST_OF_TWO))
              .join();
          awaitActive(kinesis, stream);
          awaitStart(deliveries, shard(2), shard(3));
          awaitRecords(traffic, deliveries);

          kinesis
              .mergeShards(
                  r -> r.streamName(stream).shardToMerge(shard(3)).adjacentShardToMerge(shard(1)))
              .join();
          awaitActive(kinesis, stream);
          awaitStart(deliveries, shard(4));
          awaitRecords(traffic, deliveries);
        }
        awaitRecords(traffic, deliveries);

        traffic.stop();
        awaitRecords(traffic, deliveries);
        assertThat(deliveries.count()).isEqualTo(traffic.count());
      }
      assertThat(deliveries.faults()).isEmpty();
      assertThat(deliveries.outOfOrder()).isEmpty();
      assertThat(deliveries.ended()).containsExactlyInAnyOrder(shard(0), shard(1), shard(3));
      for (Shard child : kinesis.listShards(r -> r.streamName(stream)).join().shards()) {
        assertThat(deliveries.endedBefore(child.shardId())).containsAll(parents(child));
      }
      report(way, deliveries);
    }
  }

  @SuppressWarnings("SystemOut") // a figure for whoever runs it
  private static void report(Way way, Deliveries deliveries) {
    System.out.printf(
        "%s: %d records, %d of them more than once%n",
        way, deliveries.count(), deliveries.repeats());
  }

  private static KclWorker worker(
      Way way, KinesisAsyncClient kinesis, String stream, String name, Deliveries deliveries) {
    String application = "mill-" + stream;
    return new KclWorker(
        stream,
        application,
        name,
        kinesis,
        leases.dynamoDbAsyncClient(),
        way.retrieval(kinesis, stream, application),
        deliveries);
  }

  private static void awaitShards(Deliveries deliveries, KclWorker worker) {
    Awaits.await(
        "a shard for " + worker.name(),
        PATIENCE,
        () -> !deliveries.shardsOf(worker.name()).isEmpty());
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

  private static void awaitActive(KinesisAsyncClient kinesis, String stream) {
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

  private static List<String> parents(Shard child) {
    return Stream.of(child.parentShardId(), child.adjacentParentShardId())
        .filter(parent -> parent != null)
        .toList();
  }

  private static String shard(int index) {
    return "shardId-%012d".formatted(index);
  }
}
