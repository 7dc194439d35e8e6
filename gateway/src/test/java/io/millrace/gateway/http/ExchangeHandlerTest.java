package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.ChannelClient;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.gateway.call.AuditTrail;
import io.millrace.gateway.call.Caller;
import io.millrace.gateway.call.Guard;
import io.millrace.gateway.call.Operations;
import io.millrace.gateway.call.RequestDesk;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.settings.GatewaySettings;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;

/** What an exchange does with a reply, on a channel whose turns this test takes. */
class ExchangeHandlerTest {

  private static final String SUBSCRIBE =
      """
      {"ConsumerARN": "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/mill:1",
       "ShardId": "shardId-000000000000", "StartingPosition": {"Type": "LATEST"}}\
      """;

  /** The answer to SubscribeToShard, when the test gives it. */
  private final CompletableFuture<Publisher<SubscribeToShardEvent>> granted =
      new CompletableFuture<>();

  private final EmbeddedChannel channel = new EmbeddedChannel(handler());

  private ExchangeHandler handler() {
    Operations operations =
        Operations.of(
            ServiceModel.load(),
            Uncalled.of(StreamClient.class),
            Uncalled.of(ChannelClient.class),
            request -> granted);
    RequestDesk desk =
        new RequestDesk(
            operations,
            call -> Caller.owner("000000000000"),
            Guard.NONE,
            AuditTrail.NONE,
            InstantSource.system(),
            Runnable::run);
    return new ExchangeHandler(
        desk::answer,
        GatewaySettings.onPort(0).bounds(),
        new Room(1 << 20),
        new Room(10),
        new Turnstile(1));
  }

  private static FullHttpRequest subscribe() {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.POST,
            "/",
            Unpooled.copiedBuffer(SUBSCRIBE, StandardCharsets.UTF_8));
    request.headers().set("Content-Type", "application/x-amz-json-1.1");
    request.headers().set("X-Amz-Target", "Kinesis_20131202.SubscribeToShard");
    return request;
  }

  /** What came of a subscription that was granted. */
  private static final class Granted implements Subscription {
    private long demanded;
    private boolean isCancelled;

    Publisher<SubscribeToShardEvent> publisher() {
      return subscriber -> subscriber.onSubscribe(this);
    }

    @Override
    public void request(long more) {
      demanded += more;
    }

    @Override
    public void cancel() {
      isCancelled = true;
    }
  }

  @Test
  void asksForTheFirstEventOfAClientThatIsThere() {
    Granted subscription = new Granted();
    channel.writeInbound(subscribe());
    granted.complete(subscription.publisher());
    channel.runPendingTasks();

    assertThat(subscription.demanded).isEqualTo(1);
    assertThat(subscription.isCancelled).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void givesBackTheSubscriptionOfAClientThatLeftBeforeItWasGranted() {
    Granted subscription = new Granted();
    channel.writeInbound(subscribe());
    var unused = channel.close();
    assertThat(channel.isActive()).isFalse();
    granted.complete(subscription.publisher());
    channel.runPendingTasks();

    assertThat(subscription.isCancelled).isTrue();
    assertThat(subscription.demanded).isZero();
    channel.finishAndReleaseAll();
  }

  private static HttpRequest half() {
    HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
    head.headers().set("Content-Length", 10);
    return head;
  }

  private void pass(int seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void givesUpARequestThatComesTooSlowly() {
    channel.freezeTime();
    channel.writeInbound(half());
    for (int i = 0; i < 6; i++) {
      assertThat(channel.isActive()).isTrue();
      channel.writeInbound(new DefaultHttpContent(Unpooled.buffer().writeByte('x')));
      pass(ExchangeHandler.REQUEST_SECONDS / 6);
    }

    assertThat(channel.<FullHttpResponse>readOutbound().status())
        .isEqualTo(HttpResponseStatus.REQUEST_TIMEOUT);
    assertThat(channel.isActive()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void givesUpAHeadThatComesTooSlowly() {
    channel.freezeTime();
    channel.pipeline().fireChannelReadComplete();
    pass(ExchangeHandler.REQUEST_SECONDS);

    assertThat(channel.isActive()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void waitsForAnAnswerAsLongAsItTakes() {
    channel.freezeTime();
    channel.writeInbound(half());
    channel.writeInbound(
        new DefaultLastHttpContent(Unpooled.copiedBuffer("{}", StandardCharsets.UTF_8)));
    channel.runPendingTasks();
    channel.writeInbound(subscribe());
    pass(2 * ExchangeHandler.REQUEST_SECONDS);

    assertThat(channel.isActive()).isTrue();
    granted.complete(new Granted().publisher());
    channel.finishAndReleaseAll();
  }

  @Test
  void keepsTheBytesOfARequestUntilItIsAnswered() {
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    channel.config().setAllocator(allocator);
    channel.writeInbound(subscribe());
    assertThat(allocator.metric().usedHeapMemory()).isGreaterThanOrEqualTo(SUBSCRIBE.length());
    granted.complete(new Granted().publisher());

    assertThat(allocator.metric().usedHeapMemory()).isZero();
    channel.runPendingTasks();
    channel.finishAndReleaseAll();
  }

  @Test
  void givesBackTheBytesOfARequestWhoseClientLeft() {
    UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    channel.config().setAllocator(allocator);
    channel.writeInbound(subscribe());
    var unused = channel.close();
    granted.complete(new Granted().publisher());

    assertThat(allocator.metric().usedHeapMemory()).isZero();
    channel.runPendingTasks();
    channel.finishAndReleaseAll();
  }
}
