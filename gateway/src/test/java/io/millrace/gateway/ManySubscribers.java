package io.millrace.gateway;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of very many subscriptions, all shards with each consumer, over few HTTP/2 connections.
 * It looks at frames and at nothing else, so that a subscription costs this side next to nothing.
 *
 * <p>Arguments: the port, the number of shards, the ARNs of the consumers. It obeys the lines of
 * its input: {@code subscribe}, {@code reset}. It prints {@code subscribed} when each subscription
 * has begun, {@code kept} when each has had two events, {@code received} when each has had a
 * record, and {@code gone} when each was reset. A subscription that is refused or breaks off ends
 * the process.
 */
@SuppressWarnings({"SystemOut", "FutureReturnValueIgnored"})
final class ManySubscribers {

  private static final int STREAMS_OF_A_CONNECTION = 200;
  private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

  private final EventLoopGroup loop =
      new NioEventLoopGroup(1, new DefaultThreadFactory("subscribers", true));
  private final int port;

  private ManySubscribers(int port) {
    this.port = port;
  }

  public static void main(String[] arguments) throws IOException {
    ManySubscribers subscribers = new ManySubscribers(Integer.parseInt(arguments[0]));
    int shards = Integer.parseInt(arguments[1]);
    List<String> bodies = new ArrayList<>();
    for (String consumer : List.of(arguments).subList(2, arguments.length)) {
      for (int i = 0; i < shards; i++) {
        bodies.add(
            """
            {"ConsumerARN": "%s", "ShardId": "shardId-%012d", "StartingPosition": {"Type": "LATEST"}}\
            """
                .formatted(consumer, i));
      }
    }
    List<Http2StreamChannel> streams = new ArrayList<>();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      if (line.equals("subscribe")) {
        streams.addAll(subscribers.subscribe(bodies));
      } else {
        streams.forEach(stream -> stream.close().syncUninterruptibly());
        streams.clear();
        System.out.println("gone");
      }
    }
  }

  private List<Http2StreamChannel> subscribe(List<String> bodies) {
    Round round = new Round(bodies.size());
    List<Http2StreamChannel> streams = new ArrayList<>();
    Channel connection = null;
    for (String body : bodies) {
      if (streams.size() % STREAMS_OF_A_CONNECTION == 0) {
        connection = connect();
      }
      streams.add(subscribe(connection, body, round));
    }
    return streams;
  }

  private Channel connect() {
    return new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        Http2FrameCodecBuilder.forClient().build(),
                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()));
              }
            })
        .connect(InetAddress.getLoopbackAddress(), port)
        .syncUninterruptibly()
        .channel();
  }

  private static Http2StreamChannel subscribe(Channel connection, String body, Round round) {
    Http2StreamChannel stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new Frames(),
                            new LengthFieldBasedFrameDecoder(LARGEST_MESSAGE, 0, 4, -4, 0),
                            new Messages(round));
                  }
                })
            .open()
            .syncUninterruptibly()
            .getNow();
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .path("/")
            .scheme("http")
            .authority("127.0.0.1")
            .set("content-type", "application/x-amz-json-1.1")
            .set("x-amz-target", "Kinesis_20131202.SubscribeToShard");
    stream.write(new DefaultHttp2HeadersFrame(headers, false));
    stream.writeAndFlush(
        new DefaultHttp2DataFrame(Unpooled.copiedBuffer(body, StandardCharsets.US_ASCII), true));
    return stream;
  }

  /** How many subscriptions are still to begin, to be kept alive, and to get a record. */
  private record Round(AtomicInteger toBegin, AtomicInteger toBeKept, AtomicInteger toReceive) {

    Round(int size) {
      this(new AtomicInteger(size), new AtomicInteger(size), new AtomicInteger(size));
    }

    static void oneOf(AtomicInteger left, String news) {
      if (left.decrementAndGet() == 0) {
        System.out.println(news);
      }
    }
  }

  private static void giveUp(String why) {
    System.err.println(why);
    Runtime.getRuntime().halt(1);
  }

  /** From frames to bytes. */
  private static final class Frames extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http2DataFrame data) {
        ctx.fireChannelRead(data.content());
        if (data.isEndStream()) {
          giveUp("a subscription has ended");
        }
      } else {
        if (frame instanceof Http2HeadersFrame head
            && !"200".contentEquals(head.headers().status())) {
          giveUp("a subscription was refused with " + head.headers().status());
        }
        ReferenceCountUtil.release(frame);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      giveUp("a subscription was broken off: " + event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
      giveUp("a subscription has failed: " + failure);
    }
  }

  /** The messages of one event stream. */
  private static final class Messages extends SimpleChannelInboundHandler<ByteBuf> {

    private final Round round;
    private int events;
    private boolean hasRecord;

    Messages(Round round) {
      this.round = round;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
      String text = message.toString(StandardCharsets.ISO_8859_1);
      if (text.contains("initial-response")) {
        Round.oneOf(round.toBegin(), "subscribed");
      } else if (++events == 2) {
        Round.oneOf(round.toBeKept(), "kept");
      }
      if (!hasRecord && text.contains("\"PartitionKey\"")) {
        hasRecord = true;
        Round.oneOf(round.toReceive(), "received");
      }
    }
  }
}
