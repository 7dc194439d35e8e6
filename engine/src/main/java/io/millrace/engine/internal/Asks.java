package io.millrace.engine.internal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.pattern.Patterns;
import scala.concurrent.Future;

/**
 * Asks an actor and hands the answer on as a plain {@link CompletableFuture}.
 *
 * <p>{@code AskPattern} answers with a stage whose every dependent runs asynchronously in the
 * common pool, and on a machine with two processors that means a new thread for each of them: with
 * many callers that costs more than the write they wait for.
 */
public final class Asks {

  private Asks() {}

  /**
   * Sends a message that wants an answer.
   *
   * @param message makes the message, given who waits for the answer
   * @return the answer, completed on a thread of the system's default dispatcher; fails with {@link
   *     java.util.concurrent.TimeoutException} when none comes in time
   */
  @SuppressWarnings("unchecked") // the one who is asked answers with what the message says
  public static <M, R> CompletionStage<R> ask(
      ActorRef<M> actor,
      Function<ActorRef<R>, M> message,
      Duration timeout,
      ActorSystem<?> system) {
    CompletableFuture<R> answer = new CompletableFuture<>();
    Future<Object> reply =
        Patterns.askWithReplyTo(
            Adapter.toClassic(actor),
            replyTo -> message.apply(Adapter.toTyped(replyTo)),
            timeout.toMillis());
    reply.onComplete(
        result ->
            result.isSuccess()
                ? answer.complete((R) result.get())
                : answer.completeExceptionally(result.failed().get()),
        system.executionContext());
    return answer;
  }
}
