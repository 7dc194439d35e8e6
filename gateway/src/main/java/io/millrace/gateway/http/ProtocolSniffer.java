package io.millrace.gateway.http;

import io.millrace.gateway.settings.Bounds;
import io.millrace.gateway.settings.PlainText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Tells by the first bytes of a connection what is spoken on it, and puts the handlers for that in
 * its own place. What a client negotiated by ALPN is not asked: official clients speak HTTP/2 over
 * TLS without it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells the channel's handlers of failures
final class ProtocolSniffer extends ByteToMessageDecoder {

  private static final int TLS_HANDSHAKE = 0x16;

  /** Every HTTP/2 connection starts with {@code PRI}, and no method of HTTP/1.1 does. */
  private static final byte[] HTTP2 = {'P', 'R', 'I'};

  /** RFC 9110, section 15.5.22, for clients that have eyes; one of HTTP/2 sees that it is none. */
  private static final byte[] TLS_ONLY =
      """
      HTTP/1.1 426 Upgrade Required\r
      Connection: close\r
      Connection: Upgrade\r
      Upgrade: TLS/1.2, HTTP/1.1\r
      Content-Type: text/plain\r
      Content-Length: 28\r
      \r
      This port speaks TLS only.\r
      """
          .getBytes(StandardCharsets.US_ASCII);

  /** What a client may send ahead, on a stream and on all streams of its connection. */
  private static final int WINDOW_BYTES = 1024 * 1024;

  /** A body is handed on in parts as large as what one read of the socket brings. */
  private static final int PART_BYTES = 64 << 10;

  private static final long GRACE_MILLIS = 2000;

  /** A client may take back all its calls, a few times over; beyond that it is a flood. */
  private static final int RESETS_OF_A_CALL = 4;

  private static final int RESETS_WITHIN_SECONDS = 30;

  private final Supplier<CompletionStage<SslContext>> tls;
  private final Supplier<ChannelHandler> exchange;
  private final Bounds bounds;
  private final PlainText plain;
  private final boolean isInsideTls;
  private boolean isWaiting;
  private boolean isRefused;

  /** For a new connection. */
  ProtocolSniffer(
      Supplier<CompletionStage<SslContext>> tls,
      Supplier<ChannelHandler> exchange,
      Bounds bounds,
      PlainText plain) {
    this(tls, exchange, bounds, plain, false);
  }

  private ProtocolSniffer(
      Supplier<CompletionStage<SslContext>> tls,
      Supplier<ChannelHandler> exchange,
      Bounds bounds,
      PlainText plain,
      boolean isInsideTls) {
    this.tls = tls;
    this.exchange = exchange;
    this.bounds = bounds;
    this.plain = plain;
    this.isInsideTls = isInsideTls;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (isWaiting) {
      return;
    }
    if (isRefused) {
      in.skipBytes(in.readableBytes());
    } else if (!isInsideTls && in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE) {
      awaitTls(ctx);
    } else if (!isInsideTls && plain == PlainText.REFUSE) {
      refuse(ctx);
    } else if (startsLikeHttp2(in)) {
      if (in.readableBytes() >= HTTP2.length) {
        replaceByHttp2(ctx.pipeline());
      }
    } else {
      replaceByHttp1(ctx.pipeline());
    }
  }

  private static boolean startsLikeHttp2(ByteBuf in) {
    for (int i = 0; i < Math.min(in.readableBytes(), HTTP2.length); i++) {
      if (in.getByte(in.readerIndex() + i) != HTTP2[i]) {
        return false;
      }
    }
    return true;
  }

  /** The certificate may have to be made first, which is not for this thread. */
  private void awaitTls(ChannelHandlerContext ctx) {
    isWaiting = true;
    ctx.channel().config().setAutoRead(false);
    tls.get()
        .whenCompleteAsync(
            (context, failure) -> {
              if (failure != null) {
                ctx.close();
              } else if (!ctx.isRemoved()) {
                ctx.channel().config().setAutoRead(true);
                ctx.pipeline()
                    .addLast(
                        context.newHandler(ctx.alloc()),
                        new ProtocolSniffer(tls, exchange, bounds, plain, true));
                ctx.pipeline().remove(this);
              }
            },
            ctx.executor());
  }

  /** What still comes is thrown away for a moment, lest the answer be lost with it. */
  private void refuse(ChannelHandlerContext ctx) {
    isRefused = true;
    ctx.writeAndFlush(Unpooled.wrappedBuffer(TLS_ONLY));
    ctx.executor().schedule(() -> ctx.close(), GRACE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void replaceByHttp2(ChannelPipeline pipeline) {
    Http2FrameCodec codec =
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(bounds.maxCallsPerConnection())
                    .initialWindowSize(WINDOW_BYTES))
            .gracefulShutdownTimeoutMillis(GRACE_MILLIS)
            .decoderEnforceMaxRstFramesPerWindow(
                RESETS_OF_A_CALL * bounds.maxCallsPerConnection(), RESETS_WITHIN_SECONDS)
            .build();
    pipeline.addLast(
        codec,
        new Http2MultiplexHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.config().setAutoRead(false);
                stream
                    .pipeline()
                    .addLast(new Http2StreamFrameToHttpObjectCodec(true), exchange.get());
              }
            }));
    widenConnection(codec.connection());
    pipeline.remove(this);
  }

  /** Settings reach the windows of streams only; that of the connection would stay at 64 KiB. */
  private static void widenConnection(Http2Connection connection) {
    try {
      connection
          .local()
          .flowController()
          .incrementWindowSize(
              connection.connectionStream(), WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void replaceByHttp1(ChannelPipeline pipeline) {
    pipeline.channel().config().setAutoRead(false);
    pipeline.addLast(
        new HttpServerCodec(new HttpDecoderConfig().setMaxChunkSize(PART_BYTES)),
        new HttpServerKeepAliveHandler(),
        exchange.get());
    pipeline.remove(this);
  }
}
