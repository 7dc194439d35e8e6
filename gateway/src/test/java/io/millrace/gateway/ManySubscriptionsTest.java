package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.StreamClient;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DescribeStreamConsumerRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.PutRecordRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.Shard;
import io.millrace.engine.model.Payload;
import io.millrace.testkit.Awaits;
import io.millrace.testkit.ChildJvm;
import io.netty.buffer.PooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A thousand subscriptions of a client in another process, idle most of the time. */
@Tag("process")
class ManySubscriptionsTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int SHARDS = 50;
  private static final int CONSUMERS = 20;
  private static final int SUBSCRIPTIONS = SHARDS * CONSUMERS;
  private static final long MOST_BYTES_EACH = 48 * 1024;

  /** One for each subscription that the door writes to. */
  private static final String WRITER = "io.millrace.gateway.http.PushedMessages";

  @Test
  void costLittleMemoryAndMissNothing() {
    try (TestServer server = TestServer.start()) {
      StreamClient client = server.millrace().client();
      Awaits.get(client.createStream(CreateStreamRequest.provisioned("orders", SHARDS)));
      Awaits.get(server.millrace().awaitActive("orders"));
      List<String> arguments = new ArrayList<>();
      arguments.add(Integer.toString(server.gateway().port()));
      arguments.add(Integer.toString(SHARDS));
      arguments.addAll(consumers(client));
      putToEachShard(client);
      try (ChildJvm subscribers =
          ChildJvm.of(ManySubscribers.class)
              .jvmOptions("-Xmx256m")
              .arguments(arguments.toArray(String[]::new))
              .start()) {
        // What is made once and kept is there before anything is measured.
        subscribe(subscribers);
        reset(subscribers);
        long before = LiveObjects.bytes();
        long directBefore = directBytes();

        subscribe(subscribers);
        subscribers.awaitLine("kept"::equals, PATIENCE);
        assertThat(LiveObjects.count(WRITER)).isEqualTo(SUBSCRIPTIONS);
        long each = (LiveObjects.bytes() - before) / SUBSCRIPTIONS;
        long directEach = (directBytes() - directBefore) / SUBSCRIPTIONS;
        report(each, directEach);
        assertThat(each + directEach).isLessThan(MOST_BYTES_EACH);

        putToEachShard(client);
        subscribers.awaitLine("received"::equals, PATIENCE);

        reset(subscribers);
        assertBackTo(before);

        subscribe(subscribers);
        subscribers.kill();
        assertNoneIsLeft();
        assertBackTo(before);
      }
    }
  }

  private static void subscribe(ChildJvm subscribers) {
    subscribers.send("subscribe");
    subscribers.awaitLine("subscribed"::equals, PATIENCE);
  }

  private static void reset(ChildJvm subscribers) {
    subscribers.send("reset");
    subscribers.awaitLine("gone"::equals, PATIENCE);
    assertNoneIsLeft();
  }

  private static void assertNoneIsLeft() {
    Awaits.await("the end of all subscriptions", PATIENCE, () -> LiveObjects.count(WRITER) == 0);
  }

  private static void assertBackTo(long before) {
    Awaits.await(
        "the memory of a client that is gone",
        PATIENCE,
        () -> LiveObjects.bytes() - before < MOST_BYTES_EACH * SUBSCRIPTIONS / 10);
  }

  private static long directBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  @SuppressWarnings("SystemOut") // a figure for whoever runs it
  private static void report(long each, long directEach) {
    System.out.printf(
        "%d subscriptions: %d bytes of heap and %d bytes of direct memory each%n",
        SUBSCRIPTIONS, each, directEach);
  }

  private static List<String> consumers(StreamClient client) {
    String stream =
        Awaits.get(client.describeStreamSummary(DescribeStreamSummaryRequest.of("orders")))
            .streamDescriptionSummary()
            .streamARN();
    List<String> arns = new ArrayList<>();
    for (int i = 0; i < CONSUMERS; i++) {
      String arn =
          Awaits.get(
                  client.registerStreamConsumer(
                      new RegisterStreamConsumerRequest(stream, "reader-" + i)))
              .consumer()
              .consumerARN();
      Awaits.await(
          "an active consumer",
          () ->
              Awaits.get(client.describeStreamConsumer(DescribeStreamConsumerRequest.of(arn)))
                  .consumerDescription()
                  .consumerStatus()
                  .toString()
                  .equals("ACTIVE"));
      arns.add(arn);
    }
    return arns;
  }

  private static void putToEachShard(StreamClient client) {
    for (Shard shard : Awaits.get(client.listShards(ListShardsRequest.of("orders"))).shards()) {
      Awaits.get(
          client.putRecord(
              PutRecordRequest.of("orders", "key", Payload.utf8("flour"))
                  .withExplicitHashKey(shard.hashKeyRange().starting().toString())));
    }
  }
}
