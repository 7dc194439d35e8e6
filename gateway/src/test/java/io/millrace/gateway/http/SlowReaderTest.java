package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.ChannelClient;
import io.millrace.engine.StreamClient;
import io.millrace.engine.api.SubscribeToShardEvent;
import io.millrace.engine.api.SubscribeToShardRequest;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.gateway.call.AuditTrail;
import io.millrace.gateway.call.Caller;
import io.millrace.gateway.call.Guard;
import io.millrace.gateway.call.Operations;
import io.millrace.gateway.call.RequestDesk;
import io.millrace.gateway.http.Http2Client.Exchange;
import io.millrace.gateway.model.ServiceModel;
import io.millrace.gateway.settings.GatewaySettings;
import io.millrace.gateway.settings.PlainText;
import io.millrace.testkit.Awaits;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Clients that are pushed to without end and stop to read. Each shard is an endless publisher. */
@Timeout(120)
class SlowReaderTest {

  private static final int KIB = 1024;
  private static final int EVENT_BYTES = 8 * KIB;
  private static final int STALLED = 50;

  /** The window of a stream, what Netty holds, and an event; base64 makes three bytes four. */
  private static final long MOST_BYTES_AHEAD = 160 * KIB;

  /** What the socket buffers of both sides may hold besides. */
  private static final long MOST_BYTES_IN_SOCKETS = 16L * KIB * KIB;

  /** What another reader is given while one stalls: longer than it takes to fill all buffers. */
  private static final long A_LOT = 64L * KIB * KIB;

  private final EventLoopGroup loops = new NioEventLoopGroup(1);
  private final Map<String, Endless> shards = new ConcurrentHashMap<>();
  private FrontDoor door;

  @BeforeEach
  void open() {
    RequestDesk desk =
        new RequestDesk(
            Operations.of(
                ServiceModel.load(),
                Uncalled.of(StreamClient.class),
                Uncalled.of(ChannelClient.class),
                this::subscribe),
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
            CompletableFuture::new,
            desk::answer);
  }

  @AfterEach
  void close() {
    door.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private CompletionStage<Publisher<SubscribeToShardEvent>> subscribe(
      SubscribeToShardRequest request) {
    return CompletableFuture.completedStage(shard(request.shardId()));
  }

  private Endless shard(String name) {
    return shards.computeIfAbsent(name, unseen -> new Endless());
  }

  @Test
  void takesLittleAheadOfStreamsThatStallAndServesTheOthersOfTheirConnection() {
    try (Http2Client client = new Http2Client(loops, door.address())) {
      // The client says that it has read when it has read half of what it may be sent.
      client.widen(4 * STALLED * 64 * KIB);
      for (int i = 0; i < STALLED; i++) {
        Exchange stalled = client.beginStalled(target());
        stalled.send(body("stalled-" + i), true);
        assertThat(stalled.status()).isEqualTo("200");
      }
      Exchange reader = client.begin(target());
      reader.send(body("read"), true);
      Awaits.await("much for the reader", () -> reader.bytes() > A_LOT);

      for (int i = 0; i < STALLED; i++) {
        assertThat(shard("stalled-" + i).bytes.get()).isBetween(1L, MOST_BYTES_AHEAD);
      }
      assertThat(client.post(10)).isEqualTo("404");
      assertThat(shard("read").cancelled).isNotDone();
    }
    shards.values().forEach(shard -> Awaits.get(shard.cancelled));
  }

  @Test
  void cancelsTheStreamThatIsResetAndNoOther() {
    try (Http2Client client = new Http2Client(loops, door.address())) {
      client.widen(KIB * KIB);
      Exchange stalled = client.beginStalled(target());
      stalled.send(body("stalled"), true);
      assertThat(stalled.status()).isEqualTo("200");
      Exchange reader = client.begin(target());
      reader.send(body("read"), true);
      assertThat(reader.status()).isEqualTo("200");

      stalled.reset();

      Awaits.get(shard("stalled").cancelled);
      long before = reader.bytes();
      Awaits.await("more for the reader", () -> reader.bytes() > before + EVENT_BYTES);
      assertThat(shard("read").cancelled).isNotDone();
    }
  }

  /** Over HTTP/1.1 the socket is all the backpressure there is. */
  @Test
  void takesLittleAheadOfAConnectionThatStalls() throws Exception {
    byte[] body = body("stalled");
    String head =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\n"
            + "X-Amz-Target: Kinesis_20131202.SubscribeToShard\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    try (Socket stalled = new Socket(InetAddress.getLoopbackAddress(), door.address().getPort());
        Http2Client client = new Http2Client(loops, door.address())) {
      stalled.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      stalled.getOutputStream().write(body);
      Awaits.await("the first event", () -> shard("stalled").bytes.get() > 0);
      Exchange reader = client.begin(target());
      reader.send(body("read"), true);
      Awaits.await("much for the reader", () -> reader.bytes() > A_LOT);

      assertThat(shard("stalled").bytes.get()).isLessThan(MOST_BYTES_IN_SOCKETS);
      stalled.setSoLinger(true, 0);
    }
    Awaits.get(shard("stalled").cancelled);
  }

  private static Http2Headers target() {
    return new DefaultHttp2Headers()
        .set("content-type", "application/x-amz-json-1.1")
        .set("x-amz-target", "Kinesis_20131202.SubscribeToShard");
  }

  private static byte[] body(String shard) {
    return """
    {"ConsumerARN": "arn:aws:kinesis:us-east-1:000000000000:stream/orders/consumer/mill:1",
     "ShardId": "%s", "StartingPosition": {"Type": "LATEST"}}\
    """
        .formatted(shard)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** As many events as are asked for. */
  private static final class Endless implements Publisher<SubscribeToShardEvent> {

    private static final SubscribeToShardEvent EVENT =
        new SubscribeToShardEvent(
            List.of(
                new Record(
                    SequenceNumber.first(1, 0),
                    Instant.EPOCH,
                    Payload.wrap(new byte[EVENT_BYTES]),
                    "key")),
            "1",
            0,
            List.of());

    private final AtomicLong bytes = new AtomicLong();
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

    @Override
    public void subscribe(Subscriber<? super SubscribeToShardEvent> subscriber) {
      subscriber.onSubscribe(
          new Subscription() {
            @Override
            public void request(long wanted) {
              for (long i = 0; i < wanted; i++) {
                bytes.addAndGet(EVENT_BYTES);
                subscriber.onNext(EVENT);
              }
            }

            @Override
            public void cancel() {
              cancelled.complete(null);
            }
          });
    }
  }
}
