package io.millrace.engine;

import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.internal.Asks;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/** Takes actors into the engine, beneath its guardian. They stop first when the engine closes. */
public final class Guests {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final ActorRef<EngineGuardian.Command> guardian;
  private final ActorSystem<?> system;

  Guests(ActorRef<EngineGuardian.Command> guardian, ActorSystem<?> system) {
    this.guardian = guardian;
    this.system = system;
  }

  /**
   * Starts an actor. Blocks until it is there.
   *
   * @param name what it is called in logs; unique in its engine
   * @throws EngineClosedException when the engine is closing
   */
  public <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
    try {
      return Asks.<EngineGuardian.Command, ActorRef<T>>ask(
              guardian,
              replyTo ->
                  new EngineGuardian.Host(
                      context -> {
                        ActorRef<T> guest = context.spawn(behavior, name);
                        replyTo.tell(guest);
                        return guest;
                      }),
              TIMEOUT,
              system)
          .toCompletableFuture()
          .join();
    } catch (CompletionException unanswered) {
      throw new EngineClosedException();
    }
  }
}
