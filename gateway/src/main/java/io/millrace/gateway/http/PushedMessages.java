package io.millrace.gateway.http;

import io.millrace.gateway.call.EventMessages;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Consumer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Writes events to a client as fast as it takes them: the next one is asked for when the client's
 * window has room, so that beside what Netty holds (64 KiB and one event) nothing piles up here. A
 * client that goes cancels.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells the channel's handlers of failures
final class PushedMessages implements Subscriber<Object> {

  private final ChannelHandlerContext ctx;
  private final EventMessages messages;
  private final Consumer<Boolean> end;

  // Touched by the channel's thread only.
  private Subscription subscription;
  private boolean isAsked;
  private boolean isDone;

  /**
   * A writer.
   *
   * @param end told on the channel's thread whether all of it could be written
   */
  PushedMessages(ChannelHandlerContext ctx, EventMessages messages, Consumer<Boolean> end) {
    this.ctx = ctx;
    this.messages = messages;
    this.end = end;
  }

  /** Writes what comes before the first event. */
  void open() {
    write(messages.opening());
  }

  @Override
  public void onSubscribe(Subscription given) {
    ctx.executor()
        .execute(
            () -> {
              if (subscription != null || isDone) { // rule 2.5
                given.cancel();
              } else {
                subscription = given;
                goOn();
              }
            });
  }

  @Override
  public void onNext(Object event) {
    byte[] message = messages.event(event);
    ctx.executor()
        .execute(
            () -> {
              isAsked = false;
              if (!isDone) {
                write(message);
                goOn();
              }
            });
  }

  @Override
  public void onError(Throwable failure) {
    byte[] message = messages.failure(failure);
    ctx.executor()
        .execute(
            () -> {
              if (!isDone) {
                write(message);
                end();
              }
            });
  }

  @Override
  public void onComplete() {
    ctx.executor()
        .execute(
            () -> {
              if (!isDone) {
                end();
              }
            });
  }

  /** Asks for the next event if the client has room for it. */
  void goOn() {
    if (subscription != null && !isAsked && !isDone && ctx.channel().isWritable()) {
      isAsked = true;
      subscription.request(1);
    }
  }

  /** The client is gone. */
  void cancel() {
    isDone = true;
    if (subscription != null) {
      subscription.cancel();
    }
  }

  private void write(byte[] message) {
    ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(message)));
  }

  private void end() {
    isDone = true;
    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(written -> end.accept(written.isSuccess()));
  }
}
