package io.millrace.engine.consumer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The parent of the actors that work on leased shards; finds them by their {@link HostedTask}. When
 * one of them stops without a word of how it ended, whoever waits for its work is told that it was
 * cancelled.
 */
public final class TaskHost extends AbstractBehavior<TaskHost.Command> {

  private final Runnable whenStopped;
  private final Map<HostedTask<?>, Worker<?>> workers = new HashMap<>();

  /** What it understands. */
  public sealed interface Command {}

  /** Begin to work on a shard. */
  record Start(HostedTask<?> task, LeasedShard shard, CompletableFuture<Void> done)
      implements Command {}

  /** Give a shard up in order. */
  record Drain(HostedTask<?> task, CompletableFuture<Void> drained) implements Command {}

  /** Stop working on a shard at once. */
  record Lose(HostedTask<?> task) implements Command {}

  private record Stopped(HostedTask<?> task, CompletableFuture<Void> done) implements Command {}

  /** An actor, and how it is spoken to. */
  private record Worker<C>(ActorRef<C> actor, HostedTask.Work<C> work) {

    void drain(CompletableFuture<Void> drained) {
      actor.tell(work.drain(drained));
    }

    void lose() {
      actor.tell(work.lose());
    }
  }

  private TaskHost(ActorContext<Command> context, Runnable whenStopped) {
    super(context);
    this.whenStopped = whenStopped;
  }

  /**
   * The parent.
   *
   * @param whenStopped run at its end, on its own thread; must not block
   */
  public static Behavior<Command> create(Runnable whenStopped) {
    return Behaviors.setup(context -> new TaskHost(context, whenStopped));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Start.class, this::onStart)
        .onMessage(Drain.class, this::onDrain)
        .onMessage(Lose.class, this::onLose)
        .onMessage(Stopped.class, this::onStopped)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> onPostStop() {
    whenStopped.run();
    return this;
  }

  private Behavior<Command> onStart(Start start) {
    Worker<?> worker = begin(start.task().work(), start);
    workers.put(start.task(), worker);
    getContext().watchWith(worker.actor(), new Stopped(start.task(), start.done()));
    return this;
  }

  private <C> Worker<C> begin(HostedTask.Work<C> work, Start start) {
    return new Worker<>(getContext().spawnAnonymous(work.begin(start.shard(), start.done())), work);
  }

  private Behavior<Command> onDrain(Drain drain) {
    Worker<?> worker = workers.get(drain.task());
    if (worker == null) {
      drain.drained().complete(null);
    } else {
      worker.drain(drain.drained());
    }
    return this;
  }

  private Behavior<Command> onLose(Lose lose) {
    Worker<?> worker = workers.get(lose.task());
    if (worker != null) {
      worker.lose();
    }
    return this;
  }

  private Behavior<Command> onStopped(Stopped stopped) {
    workers.remove(stopped.task());
    // Does nothing where the actor has said how it ended.
    stopped.done().completeExceptionally(new CancellationException("the work has stopped"));
    return this;
  }
}
