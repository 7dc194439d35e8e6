package io.millrace.gateway.http;

import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.Reply;
import io.millrace.gateway.settings.Bounds;
import io.millrace.gateway.settings.PlainText;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/** The port that a gateway listens on, and its connections. Safe for any thread. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells the channel's handlers of failures
public final class FrontDoor implements AutoCloseable {

  private static final int IDLE_SECONDS = 75;
  private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private final EventLoopGroup loops =
      new NioEventLoopGroup(0, new DefaultThreadFactory("millrace-gateway", true));
  private final ChannelGroup connections =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
  private final Room calls = new Room(Long.MAX_VALUE);
  private final Channel listener;

  /**
   * Opens the door.
   *
   * @param address where to listen; port 0 takes a free one
   * @param plain what becomes of clients that speak without TLS
   * @param tls the TLS side, made when it is first asked for
   * @param desk answers calls; its stages never fail
   * @throws UncheckedIOException when the address is taken
   */
  public FrontDoor(
      InetSocketAddress address,
      Bounds bounds,
      PlainText plain,
      Supplier<CompletionStage<SslContext>> tls,
      Function<Call, CompletionStage<Reply>> desk) {
    Room buffers = new Room(bounds.maxBufferedBytes());
    Room places = new Room(bounds.maxConnections());
    Turnstile reads = new Turnstile(Math.max(1, bounds.maxBufferedBytes() / bounds.maxBodyBytes()));
    Supplier<ChannelHandler> exchange =
        () -> new ExchangeHandler(desk, bounds, buffers, calls, reads);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    if (!places.take(1)) {
                      connection.close();
                      return;
                    }
                    connection.closeFuture().addListener(closed -> places.giveBack(1));
                    connections.add(connection);
                    connection
                        .pipeline()
                        .addLast(
                            new IdleStateHandler(true, 0, 0, IDLE_SECONDS, TimeUnit.SECONDS),
                            new IdleConnections(),
                            new ProtocolSniffer(tls, exchange, bounds, plain));
                  }
                });
    try {
      this.listener = bootstrap.bind(address).syncUninterruptibly().channel();
    } catch (Throwable failure) {
      loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      if (failure instanceof BindException taken) {
        throw new UncheckedIOException(taken);
      }
      throw failure;
    }
  }

  /** Closes what not a byte went over for a while. */
  private static final class IdleConnections extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof IdleStateEvent) {
        ctx.close();
      } else {
        ctx.fireUserEventTriggered(event);
      }
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Takes no more connections, waits for the calls under way, and closes every connection. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    long deadline = System.nanoTime() + DRAIN_TIMEOUT.toNanos();
    while (!calls.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    connections.close().awaitUninterruptibly(CLOSE_TIMEOUT.toMillis());
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
