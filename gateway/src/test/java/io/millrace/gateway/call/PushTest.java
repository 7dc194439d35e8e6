package io.millrace.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.gateway.SdkClients;
import io.millrace.gateway.http.FrontDoor;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.settings.GatewaySettings;
import io.millrace.gateway.settings.PlainText;
import io.millrace.testkit.Awaits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** An operation that pushes, with a publisher of this test's own, seen by the official client. */
class PushTest {

  private static final String CONSUMER =
      "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/mill:1";

  /** As the API names it. */
  public record SubscribeToShardEvent(
      List<Record> records, String continuationSequenceNumber, long millisBehindLatest) {}

  private FrontDoor door;
  private KinesisAsyncClient client;

  @AfterEach
  void close() {
    client.close();
    door.close();
  }

  @Test
  void pushesEventsToTheirEnd() {
    serve(request -> CompletableFuture.completedStage(new Counted(3, 10, null)));
    Received received = subscribe();
    Awaits.get(received.finished);
    assertThat(received.data).containsExactly("1", "2", "3");
  }

  @Test
  void pushesOverHttp1Too() {
    serve(Protocol.HTTP1_1, request -> CompletableFuture.completedStage(new Counted(3, 10, null)));
    Received received = subscribe();
    Awaits.get(received.finished);
    assertThat(received.data).containsExactly("1", "2", "3");
  }

  @Test
  void endsWithTheTypedErrorOfAPublisherThatFails() {
    serve(
        request ->
            CompletableFuture.completedStage(
                new Counted(2, 10, new ResourceInUseException("taken over"))));
    Received received = subscribe();
    assertThat(Awaits.failureOf(received.finished))
        .isInstanceOf(software.amazon.awssdk.services.kinesis.model.ResourceInUseException.class)
        .hasMessageContaining("taken over");
    assertThat(received.data).containsExactly("1", "2");
  }

  @Test
  void refusesBeforeAnythingIsPushed() {
    serve(
        request -> CompletableFuture.failedStage(new InvalidArgumentException("no such consumer")));
    Received received = subscribe();
    assertThat(Awaits.failureOf(received.finished))
        .isInstanceOf(software.amazon.awssdk.services.kinesis.model.InvalidArgumentException.class);
    assertThat(received.data).isEmpty();
  }

  @Test
  void asksForNoMoreThanASlowClientTakes() throws IOException {
    int large = 100_000;
    Counted endless = new Counted(Integer.MAX_VALUE, large, null);
    serve(request -> CompletableFuture.completedStage(endless));
    Received received = subscribe(new Slow());
    Awaits.await("the first event", () -> !received.data.isEmpty());
    // Without demand it would run ahead as long as these calls take.
    for (int i = 0; i < 300; i++) {
      assertThat(isHealthy()).isTrue();
    }
    assertThat(endless.produced.get() * (long) large).isLessThan(16L * 1024 * 1024);
  }

  @Test
  void cancelsWhenTheClientGoes() {
    Counted endless = new Counted(Integer.MAX_VALUE, 1000, null);
    serve(request -> CompletableFuture.completedStage(endless));
    Received received = subscribe(new Slow());
    Awaits.await("the first event", () -> !received.data.isEmpty());
    client.close();
    Awaits.get(endless.cancelled);
  }

  private boolean isHealthy() throws IOException {
    URL health = URI.create("http://127.0.0.1:" + door.address().getPort() + "/_health").toURL();
    try (InputStream in = health.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("ok");
    }
  }

  private interface Desk
      extends Function<
          io.millrace.engine.api.SubscribeToShardRequest, CompletionStage<Publisher<?>>> {}

  private void serve(Desk desk) {
    serve(Protocol.HTTP2, desk);
  }

  private void serve(Protocol protocol, Desk desk) {
    Operations operations =
        new Operations(ServiceModel.load())
            .add("SubscribeToShard", io.millrace.engine.api.SubscribeToShardRequest.class, desk);
    RequestDesk requests =
        new RequestDesk(
            operations,
            call -> Caller.owner("000000000000"),
            Guard.NONE,
            AuditTrail.NONE,
            InstantSource.system(),
            ForkJoinPool.commonPool());
    door =
        new FrontDoor(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            GatewaySettings.onPort(0).bounds(),
            PlainText.ALLOW,
            () -> new CompletableFuture<>(),
            requests::answer);
    client =
        SdkClients.async(
            URI.create("http://127.0.0.1:" + door.address().getPort()),
            NettyNioAsyncHttpClient.builder().protocol(protocol));
  }

  /** What a client saw. */
  private static final class Received {
    final List<String> data = new CopyOnWriteArrayList<>();
    CompletableFuture<Void> finished;
  }

  private interface Pace {
    void subscribed(Subscription subscription);

    void received();
  }

  private static final class AsFastAsItCan implements Pace {
    @Override
    public void subscribed(Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void received() {}
  }

  /** Asks for one event, and never again. */
  private static final class Slow implements Pace {
    @Override
    public void subscribed(Subscription subscription) {
      subscription.request(1);
    }

    @Override
    public void received() {}
  }

  private Received subscribe() {
    return subscribe(new AsFastAsItCan());
  }

  private Received subscribe(Pace pace) {
    Received received = new Received();
    received.finished =
        client.subscribeToShard(
            SubscribeToShardRequest.builder()
                .consumerARN(CONSUMER)
                .shardId("shardId-000000000000")
                .startingPosition(p -> p.type(ShardIteratorType.LATEST))
                .build(),
            SubscribeToShardResponseHandler.builder()
                .subscriber(() -> new Reader(pace, received))
                .build());
    return received;
  }

  private record Reader(Pace pace, Received received)
      implements Subscriber<SubscribeToShardEventStream> {

    @Override
    public void onSubscribe(Subscription subscription) {
      pace.subscribed(subscription);
    }

    @Override
    public void onNext(SubscribeToShardEventStream event) {
      event.accept(
          software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler.Visitor
              .builder()
              .onSubscribeToShardEvent(
                  pushed ->
                      pushed.records().stream()
                          .map(software.amazon.awssdk.services.kinesis.model.Record::data)
                          .map(SdkBytes::asUtf8String)
                          .map(String::strip)
                          .forEach(received.data::add))
              .build());
      pace.received();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  /** So many events of so many bytes, numbered, and then an end or a failure. */
  private static final class Counted implements Publisher<Object> {

    final AtomicInteger produced = new AtomicInteger();
    final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private final int count;
    private final int bytes;
    private final RuntimeException failure;

    Counted(int count, int bytes, RuntimeException failure) {
      this.count = count;
      this.bytes = bytes;
      this.failure = failure;
    }

    @Override
    public void subscribe(Subscriber<? super Object> subscriber) {
      AtomicReference<Boolean> ended = new AtomicReference<>(false);
      subscriber.onSubscribe(
          new Subscription() {
            @Override
            public void request(long wanted) {
              for (long i = 0; i < wanted && !ended.get(); i++) {
                int number = produced.incrementAndGet();
                subscriber.onNext(event(number));
                if (number == count) {
                  ended.set(true);
                  end(subscriber);
                }
              }
            }

            @Override
            public void cancel() {
              cancelled.complete(null);
            }
          });
    }

    private void end(Subscriber<? super Object> subscriber) {
      if (failure == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(failure);
      }
    }

    private SubscribeToShardEvent event(int number) {
      String text = Integer.toString(number);
      return new SubscribeToShardEvent(
          List.of(
              new Record(
                  SequenceNumber.first(1, 0),
                  Instant.EPOCH,
                  Payload.utf8(text + " ".repeat(bytes - text.length())),
                  "key")),
          text,
          0);
    }
  }
}
