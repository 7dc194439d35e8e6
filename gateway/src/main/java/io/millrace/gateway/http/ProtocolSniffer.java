package io.millrace.gateway.http;

import io.millrace.gateway.settings.Bounds;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.concurrent.CompletionStage;
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

  private static final int WINDOW_BYTES = 1024 * 1024;
  private static final long GRACE_MILLIS = 2000;

  private final Supplier<CompletionStage<SslContext>> tls;
  private final Supplier<ChannelHandler> exchange;
  private final Bounds bounds;
  private final boolean isInsideTls;
  private boolean isWaiting;

  ProtocolSniffer(
      Supplier<CompletionStage<SslContext>> tls,
      Supplier<ChannelHandler> exchange,
      Bounds bounds,
      boolean isInsideTls) {
    this.tls = tls;
    this.exchange = exchange;
    this.bounds = bounds;
    this.isInsideTls = isInsideTls;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (isWaiting) {
      return;
    }
    if (!isInsideTls && in.getUnsignedByte(in.readerIndex()) == TLS_HANDSHAKE) {
      awaitTls(ctx);
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
                        new ProtocolSniffer(tls, exchange, bounds, true));
                ctx.pipeline().remove(this);
              }
            },
            ctx.executor());
  }

  private void replaceByHttp2(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer()
            .initialSettings(
                Http2Settings.defaultSettings()
                    .maxConcurrentStreams(bounds.maxCallsPerConnection())
                    .initialWindowSize(WINDOW_BYTES))
            .gracefulShutdownTimeoutMillis(GRACE_MILLIS)
            .build(),
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
    pipeline.remove(this);
  }

  private void replaceByHttp1(ChannelPipeline pipeline) {
    pipeline.channel().config().setAutoRead(false);
    pipeline.addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler(), exchange.get());
    pipeline.remove(this);
  }
}
