package io.millrace.gateway.http;

import io.millrace.testkit.Awaits;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One HTTP/2 connection, frame by frame. */
@SuppressWarnings("FutureReturnValueIgnored") // each is waited for
final class Http2Client implements AutoCloseable {

  private final Channel connection;

  /** They hold what nobody reads until they are closed themselves. */
  private final List<Channel> stalled = new ArrayList<>();

  Http2Client(EventLoopGroup loops, InetSocketAddress address) {
    connection =
        new Bootstrap()
            .group(loops)
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
            .connect(address)
            .syncUninterruptibly()
            .channel();
  }

  /** A call, and what has come back. */
  static final class Exchange {

    private final CompletableFuture<String> status = new CompletableFuture<>();
    private final AtomicLong bytes = new AtomicLong();
    private Http2StreamChannel stream;

    String status() {
      return Awaits.get(status);
    }

    /** How much of the body of the answer has been read. */
    long bytes() {
      return bytes.get();
    }

    /** Sends some of its body. */
    void send(byte[] part, boolean isEnd) {
      stream
          .writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(part), isEnd))
          .syncUninterruptibly();
    }

    /** Takes it back. */
    void reset() {
      stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL)).syncUninterruptibly();
      stream.close().syncUninterruptibly();
    }

    private final class Reader extends ChannelInboundHandlerAdapter {

      private final boolean isStalled;

      Reader(boolean isStalled) {
        this.isStalled = isStalled;
      }

      @Override
      public void channelRead(ChannelHandlerContext ctx, Object frame) {
        if (frame instanceof Http2HeadersFrame head) {
          ctx.channel().config().setAutoRead(!isStalled);
          status.complete(head.headers().status().toString());
        } else if (frame instanceof Http2DataFrame data) {
          bytes.addAndGet(data.content().readableBytes());
        }
        ReferenceCountUtil.release(frame);
      }
    }
  }

  /** How many bytes of all bodies it may send. */
  int window() {
    Http2Connection http2 = connection.pipeline().get(Http2FrameCodec.class).connection();
    return Awaits.get(
        CompletableFuture.supplyAsync(
            () -> http2.remote().flowController().windowSize(http2.connectionStream()),
            connection.eventLoop()));
  }

  /** Lets the server send so much more of all answers together. */
  void widen(int bytes) {
    connection.writeAndFlush(new DefaultHttp2WindowUpdateFrame(bytes)).syncUninterruptibly();
  }

  /** A request whose body is yet to come. */
  Exchange begin(Http2Headers more) {
    return begin(more, false);
  }

  /** The same; of its answer nothing is read but the head. */
  Exchange beginStalled(Http2Headers more) {
    Exchange exchange = begin(more, true);
    stalled.add(exchange.stream);
    return exchange;
  }

  private Exchange begin(Http2Headers more, boolean isStalled) {
    Exchange exchange = new Exchange();
    exchange.stream =
        new Http2StreamChannelBootstrap(connection)
            .handler(exchange.new Reader(isStalled))
            .open()
            .syncUninterruptibly()
            .getNow();
    exchange.stream.writeAndFlush(head(more)).syncUninterruptibly();
    return exchange;
  }

  private static DefaultHttp2HeadersFrame head(Http2Headers more) {
    return new DefaultHttp2HeadersFrame(
        new DefaultHttp2Headers().method("POST").path("/").scheme("http").authority("x").add(more),
        false);
  }

  /** Begins so many calls and takes each back at once, without waiting for anything. */
  void flood(int calls) {
    for (int i = 0; i < calls; i++) {
      new Http2StreamChannelBootstrap(connection)
          .handler(new ChannelInboundHandlerAdapter())
          .open()
          .addListener(
              opened -> {
                if (opened.isSuccess()) {
                  Http2StreamChannel stream = (Http2StreamChannel) opened.getNow();
                  stream.write(head(new DefaultHttp2Headers()));
                  stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
                }
              });
    }
  }

  /** A request with a body of so many bytes, which are yet to come. */
  Exchange begin(int bytes) {
    return begin(new DefaultHttp2Headers().setInt("content-length", bytes));
  }

  /** The status of a request with so many bytes. */
  String post(int bytes) {
    Exchange exchange = begin(bytes);
    exchange.send(new byte[bytes], true);
    return exchange.status();
  }

  boolean isOpen() {
    return connection.isOpen();
  }

  @Override
  public void close() {
    stalled.forEach(stream -> stream.close().syncUninterruptibly());
    connection.close().syncUninterruptibly();
  }
}
