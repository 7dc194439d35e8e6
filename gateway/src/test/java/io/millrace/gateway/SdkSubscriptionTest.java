package io.millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** SubscribeToShard as the official client of Java sees it. */
@Tag("database")
class SdkSubscriptionTest {

  private static final String STREAM = "orders";
  private static final String SHARD = "shardId-000000000000";

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Nested
  class Plain extends Contract {
    @Override
    KinesisAsyncClient connect() {
      return SdkClients.async(server.endpoint(), NettyNioAsyncHttpClient.builder());
    }
  }

  /** The default of the client: HTTP/2 over TLS. */
  @Nested
  class Tls extends Contract {
    @Override
    KinesisAsyncClient connect() {
      return SdkClients.async(
          server.tlsEndpoint(),
          NettyNioAsyncHttpClient.builder()
              .protocol(Protocol.HTTP2)
              .buildWithDefaults(SdkClients.TRUSTING));
    }
  }

  abstract static class Contract {

    private KinesisAsyncClient kinesis;
    private String consumerArn;

    abstract KinesisAsyncClient connect();

    @BeforeEach
    void open() {
      kinesis = connect();
      kinesis.createStream(r -> r.streamName(STREAM).shardCount(1)).join();
      awaitActive();
      String streamArn =
          kinesis
              .describeStreamSummary(r -> r.streamName(STREAM))
              .join()
              .streamDescriptionSummary()
              .streamARN();
      consumerArn =
          kinesis
              .registerStreamConsumer(r -> r.streamARN(streamArn).consumerName("reader"))
              .join()
              .consumer()
              .consumerARN();
      Awaits.await(
          "an active consumer",
          () ->
              kinesis
                      .describeStreamConsumer(r -> r.consumerARN(consumerArn))
                      .join()
                      .consumerDescription()
                      .consumerStatus()
                  == ConsumerStatus.ACTIVE);
    }

    private void awaitActive() {
      Awaits.await(
          "an active stream",
          () ->
              kinesis
                  .describeStreamSummary(r -> r.streamName(STREAM))
                  .join()
                  .streamDescriptionSummary()
                  .streamStatus()
                  .equals(StreamStatus.ACTIVE));
    }

    @AfterEach
    void close() {
      kinesis.deleteStream(r -> r.streamName(STREAM).enforceConsumerDeletion(true)).join();
      Awaits.await(
          "the end of the stream",
          () -> kinesis.listStreams(r -> {}).join().streamNames().isEmpty());
      kinesis.close();
    }

    private void put(String text) {
      kinesis
          .putRecord(
              r -> r.streamName(STREAM).partitionKey("key").data(SdkBytes.fromUtf8String(text)))
          .join();
    }

    private Events subscribe() {
      Events events = new Events();
      events.ended =
          kinesis.subscribeToShard(
              r ->
                  r.consumerARN(consumerArn)
                      .shardId(SHARD)
                      .startingPosition(p -> p.type(ShardIteratorType.TRIM_HORIZON)),
              SubscribeToShardResponseHandler.builder()
                  .onEventStream(publisher -> publisher.subscribe(events))
                  .onError(failure -> {})
                  .build());
      return events;
    }

    @Test
    void pushesWhatIsThereAndWhatIsPut() {
      put("a");
      Events events = subscribe();
      assertThat(events.texts(1)).containsExactly("a");

      put("b");
      put("c");

      assertThat(events.texts(2)).containsExactly("b", "c");
      assertThat(events.last.continuationSequenceNumber()).isNotNull();
      assertThat(events.last.childShards()).isEmpty();
      events.cancel();
    }

    @Test
    void endsWithTheChildrenOfTheShard() {
      put("a");
      Events events = subscribe();
      assertThat(events.texts(1)).containsExactly("a");

      kinesis
          .splitShard(
              r ->
                  r.streamName(STREAM)
                      .shardToSplit(SHARD)
                      .newStartingHashKey("170141183460469231731687303715884105728"))
          .join();
      awaitActive();

      events.ended.join();
      events.drain();
      assertThat(events.last.continuationSequenceNumber()).isNull();
      assertThat(events.last.childShards()).hasSize(2);
    }

    @Test
    void refusesASecondSubscriptionSoonAfter() {
      put("a");
      Events first = subscribe();
      assertThat(first.texts(1)).containsExactly("a");

      Throwable failure = catchThrowable(() -> subscribe().ended.join());

      assertThat(failure)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(ResourceInUseException.class);
      put("b");
      assertThat(first.texts(1)).containsExactly("b");
      first.cancel();
    }

    @Test
    void endsWhenTheConsumerIsDeregistered() {
      put("a");
      Events events = subscribe();
      assertThat(events.texts(1)).containsExactly("a");

      kinesis.deregisterStreamConsumer(r -> r.consumerARN(consumerArn)).join();

      assertThat(catchThrowable(() -> events.ended.join()))
          .hasCauseInstanceOf(ResourceNotFoundException.class);
    }
  }

  /** What one subscription got. */
  private static final class Events implements Subscriber<SubscribeToShardEventStream> {

    private final BlockingQueue<SubscribeToShardEvent> queue = new LinkedBlockingQueue<>();
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
    private CompletableFuture<Void> ended;
    private SubscribeToShardEvent last;

    @Override
    public void onSubscribe(Subscription given) {
      subscription.complete(given);
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(SubscribeToShardEventStream event) {
      queue.add((SubscribeToShardEvent) event);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}

    void cancel() {
      subscription.join().cancel();
    }

    void drain() {
      for (SubscribeToShardEvent event = queue.poll(); event != null; event = queue.poll()) {
        last = event;
      }
    }

    /** The next so many records, as text. */
    List<String> texts(int count) {
      List<String> texts = new ArrayList<>();
      while (texts.size() < count) {
        last = next();
        last.records().forEach(record -> texts.add(record.data().asUtf8String()));
      }
      return texts;
    }

    private SubscribeToShardEvent next() {
      try {
        SubscribeToShardEvent event = queue.poll(1, TimeUnit.MINUTES);
        assertThat(event).as("the next event").isNotNull();
        return event;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
