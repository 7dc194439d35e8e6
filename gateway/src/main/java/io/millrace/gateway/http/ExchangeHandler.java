package io.millrace.gateway.http;

import static io.netty.buffer.Unpooled.EMPTY_BUFFER;
import static io.netty.buffer.Unpooled.wrappedBuffer;

import io.millrace.gateway.call.Call;
import io.millrace.gateway.call.Origin;
import io.millrace.gateway.call.Reply;
import io.millrace.gateway.settings.Bounds;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Request after request of an HTTP/1.1 connection, or the one request of an HTTP/2 stream. It reads
 * only while it wants more: not from the end of a request until its reply is written. What came
 * with that end, at most one read of the socket, waits.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells the channel's handlers of failures
final class ExchangeHandler extends ChannelInboundHandlerAdapter {

  /** How long a request may take to come, head and body. */
  static final int REQUEST_SECONDS = 60;

  private static final int MAX_PARTS = 1024;
  private static final long SWALLOWED_BODIES = 4;
  private static final long NOTHING_TO_SWALLOW = -1;
  private static final Reply.Whole NO_ROOM =
      new Reply.Whole(HttpResponseStatus.SERVICE_UNAVAILABLE.code(), Map.of(), new byte[0]);

  private final Function<Call, CompletionStage<Reply>> desk;
  private final Bounds bounds;
  private final Room buffers;
  private final Room calls;
  private final Turnstile reads;

  private final Queue<Object> waiting = new ArrayDeque<>();
  private boolean isAnswering;
  private HttpRequest request;
  private CompositeByteBuf body;
  private long taken;
  private long swallowed = NOTHING_TO_SWALLOW;
  private PushedMessages pushed;

  /** Whether messages came with the bytes of this read, and not the begin of a head. */
  private boolean hasRead;

  private Future<?> deadline;

  /**
   * A handler.
   *
   * @param desk answers calls; its stages never fail
   * @param buffers bytes of bodies, those of replies too, shared by all connections
   * @param calls the calls under way, shared by all connections
   * @param reads the calls under way that ask for records, shared by all connections
   */
  ExchangeHandler(
      Function<Call, CompletionStage<Reply>> desk,
      Bounds bounds,
      Room buffers,
      Room calls,
      Turnstile reads) {
    this.desk = desk;
    this.bounds = bounds;
    this.buffers = buffers;
    this.calls = calls;
    this.reads = reads;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      ctx.read();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.fireChannelActive();
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    hasRead = true;
    waiting.add(message);
    goOn(ctx);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    boolean isComing = request != null || swallowed >= 0 || !hasRead;
    hasRead = false;
    if (!isAnswering) {
      if (isComing && deadline == null) {
        deadline = ctx.executor().schedule(() -> late(ctx), REQUEST_SECONDS, TimeUnit.SECONDS);
      }
      ctx.read();
    }
  }

  /** Whoever sends slowly keeps a place from others. */
  private void late(ChannelHandlerContext ctx) {
    deadline = null;
    if (swallowed >= 0) {
      ctx.close();
    } else {
      refuseAndClose(ctx, HttpResponseStatus.REQUEST_TIMEOUT);
    }
  }

  /** All of the request is there. */
  private void inTime() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }

  private void goOn(ChannelHandlerContext ctx) {
    while (!isAnswering && !waiting.isEmpty()) {
      Object message = waiting.remove();
      try {
        take(ctx, message);
      } finally {
        ReferenceCountUtil.release(message);
      }
    }
  }

  private void take(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest head) {
      begin(ctx, head);
    }
    if (message instanceof HttpContent part) {
      if (swallowed >= 0) {
        swallow(ctx, part);
      } else if (request != null) {
        gather(ctx, part);
      }
    }
  }

  /** The reply is written, whole. */
  private void end(ChannelHandlerContext ctx, boolean isWritten) {
    if (isWritten) {
      isAnswering = false;
      pushed = null;
      goOn(ctx);
      if (!isAnswering) {
        ctx.read();
      }
    } else {
      ctx.close();
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest head) {
    boolean waitsToSend = HttpUtil.is100ContinueExpected(head);
    if (head.decoderResult().isFailure()) {
      refuseAndClose(ctx, HttpResponseStatus.BAD_REQUEST);
    } else if (HttpUtil.getContentLength(head, -1L) <= bounds.maxBodyBytes()) {
      request = head;
      body = ctx.alloc().compositeBuffer(MAX_PARTS);
      if (waitsToSend) {
        ctx.writeAndFlush(empty(HttpResponseStatus.CONTINUE));
      }
    } else if (waitsToSend) {
      refuseAndClose(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    } else {
      refuse(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    }
  }

  private void gather(ChannelHandlerContext ctx, HttpContent part) {
    int bytes = part.content().readableBytes();
    if (part.decoderResult().isFailure()) {
      refuseAndClose(ctx, HttpResponseStatus.BAD_REQUEST);
    } else if (body.readableBytes() + (long) bytes > bounds.maxBodyBytes()) {
      refuse(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
      swallow(ctx, part);
    } else if (!buffers.take(bytes)) {
      refuse(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE);
      swallow(ctx, part);
    } else {
      taken += bytes;
      body.addComponent(true, part.content().retain());
      if (part instanceof LastHttpContent) {
        answer(ctx);
      }
    }
  }

  private void answer(ChannelHandlerContext ctx) {
    isAnswering = true;
    inTime();
    HttpRequest answered = request;
    ByteBuf whole = ctx.alloc().heapBuffer(body.readableBytes()).writeBytes(body);
    body.release();
    body = null;
    request = null;
    HttpHeaders headers = answered.headers();
    calls.take(1);
    Call call =
        new Call(
            answered.method().name(),
            answered.uri(),
            headers::getAll,
            whole.nioBuffer(),
            origin(ctx));
    if (call.asksForRecords()) {
      reads.enter(() -> ctx.executor().execute(() -> read(ctx, call, whole)));
    } else {
      answer(call, whole)
          .whenCompleteAsync((reply, failure) -> answered(ctx, reply), ctx.executor());
    }
  }

  /** The bytes of the call are free when its answer is known. */
  private CompletionStage<Reply> answer(Call call, ByteBuf whole) {
    return desk.apply(call).whenComplete((reply, failure) -> whole.release());
  }

  /** A page may be large: only so many are made at once, and each is written if there is room. */
  private void read(ChannelHandlerContext ctx, Call call, ByteBuf whole) {
    if (!ctx.channel().isActive()) {
      whole.release();
      reads.leave();
      answered(ctx, null);
      return;
    }
    answer(call, whole)
        .whenCompleteAsync(
            (reply, failure) -> {
              giveBack();
              if (!(reply instanceof Reply.Whole page)) {
                answered(ctx, reply);
              } else if (buffers.take(page.body().length)) {
                send(ctx, page);
              } else {
                send(ctx, NO_ROOM);
              }
              reads.leave();
            },
            ctx.executor());
  }

  private void answered(ChannelHandlerContext ctx, Reply reply) {
    giveBack();
    if (reply instanceof Reply.Whole whole) {
      buffers.occupy(whole.body().length);
      send(ctx, whole);
    } else if (reply instanceof Reply.Pushed open) {
      push(ctx, open);
    } else {
      calls.giveBack(1);
      ctx.close();
    }
  }

  /** Of the connection: a call over HTTP/2 has a channel of its own inside it. */
  private static Origin origin(ChannelHandlerContext ctx) {
    Channel connection =
        ctx.channel().parent() instanceof SocketChannel parent ? parent : ctx.channel();
    return new Origin(
        connection.remoteAddress() instanceof InetSocketAddress remote
            ? remote.getAddress().getHostAddress()
            : "",
        connection.pipeline().get(SslHandler.class) != null);
  }

  /** Sends a reply that has its room, and gives that back when it is written. */
  private void send(ChannelHandlerContext ctx, Reply.Whole reply) {
    ByteBuf content = reply.body().length == 0 ? EMPTY_BUFFER : wrappedBuffer(reply.body());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()), content);
    head(response, reply);
    HttpUtil.setContentLength(response, content.readableBytes());
    int bytes = reply.body().length;
    ctx.writeAndFlush(response)
        .addListener(
            written -> {
              buffers.giveBack(bytes);
              calls.giveBack(1);
              end(ctx, written.isSuccess());
            });
  }

  /** A call that pushes is not waited for when the door closes. */
  private void push(ChannelHandlerContext ctx, Reply.Pushed reply) {
    calls.giveBack(1);
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(reply.status()));
    head(response, reply);
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    ctx.write(response);
    pushed = new PushedMessages(ctx, reply.messages(), isWritten -> end(ctx, isWritten));
    pushed.open();
    if (!ctx.channel().isActive()) {
      // It left while the call was answered: what it would have been pushed is cancelled at once.
      pushed.cancel();
    }
    reply.events().subscribe(pushed);
  }

  private static void head(HttpResponse response, Reply reply) {
    reply.headers().forEach(response.headers()::set);
    response
        .headers()
        .set(
            HttpHeaderNames.DATE,
            DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
  }

  /** Answers with a bare status; what still comes of the request is thrown away. */
  private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status) {
    forget();
    swallowed = 0;
    ctx.writeAndFlush(empty(status)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  /** Answers with a bare status, after which nothing that comes has a meaning. */
  private void refuseAndClose(ChannelHandlerContext ctx, HttpResponseStatus status) {
    forget();
    FullHttpResponse response = empty(status);
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  /** A client that sends on and on is cut off. */
  private void swallow(ChannelHandlerContext ctx, HttpContent part) {
    swallowed += part.content().readableBytes();
    if (part instanceof LastHttpContent) {
      swallowed = NOTHING_TO_SWALLOW;
      inTime();
    } else if (swallowed > SWALLOWED_BODIES * bounds.maxBodyBytes()) {
      ctx.close();
    }
  }

  private static FullHttpResponse empty(HttpResponseStatus status) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, EMPTY_BUFFER);
    if (!status.equals(HttpResponseStatus.CONTINUE)) {
      HttpUtil.setContentLength(response, 0);
    }
    return response;
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (pushed != null) {
      pushed.goOn();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    inTime();
    if (pushed != null) {
      pushed.cancel();
    }
    if (request != null) {
      forget();
    }
    waiting.forEach(ReferenceCountUtil::release);
    waiting.clear();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void forget() {
    request = null;
    if (body != null) {
      body.release();
      body = null;
    }
    giveBack();
  }

  private void giveBack() {
    buffers.giveBack(taken);
    taken = 0;
  }
}
