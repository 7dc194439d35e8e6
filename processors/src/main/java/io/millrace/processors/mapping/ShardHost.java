package io.millrace.processors.mapping;

import io.millrace.engine.consumer.LeasedShard;
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

/** The parent of the actors that work on shards; finds them by their task. */
public final class ShardHost extends AbstractBehavior<ShardHost.Command> {

  private final ShardEquipment equipment;
  private final Runnable whenStopped;
  private final Map<MappingTask, ActorRef<ShardActor.Command>> shards = new HashMap<>();

  /** What it understands. */
  public sealed interface Command {}

  /** Begin to work on a shard. */
  record Start(MappingTask task, Mapping mapping, LeasedShard shard, CompletableFuture<Void> done)
      implements Command {}

  /** Give a shard up in order. */
  record Drain(MappingTask task, CompletableFuture<Void> drained) implements Command {}

  /** Stop working on a shard at once. */
  record Lose(MappingTask task) implements Command {}

  private record Stopped(MappingTask task, CompletableFuture<Void> done) implements Command {}

  private ShardHost(ActorContext<Command> context, ShardEquipment equipment, Runnable whenStopped) {
    super(context);
    this.whenStopped = whenStopped;
    this.equipment = equipment;
  }

  /**
   * The parent.
   *
   * @param whenStopped run at its end
   */
  public static Behavior<Command> create(ShardEquipment equipment, Runnable whenStopped) {
    return Behaviors.setup(context -> new ShardHost(context, equipment, whenStopped));
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
    ActorRef<ShardActor.Command> actor =
        getContext()
            .spawnAnonymous(
                ShardActor.create(equipment, start.mapping(), start.shard(), start.done()));
    shards.put(start.task(), actor);
    getContext().watchWith(actor, new Stopped(start.task(), start.done()));
    return this;
  }

  private Behavior<Command> onDrain(Drain drain) {
    ActorRef<ShardActor.Command> actor = shards.get(drain.task());
    if (actor == null) {
      drain.drained().complete(null);
    } else {
      actor.tell(new ShardActor.Drain(drain.drained()));
    }
    return this;
  }

  private Behavior<Command> onLose(Lose lose) {
    ActorRef<ShardActor.Command> actor = shards.get(lose.task());
    if (actor != null) {
      actor.tell(ShardActor.Lost.NOW);
    }
    return this;
  }

  private Behavior<Command> onStopped(Stopped stopped) {
    shards.remove(stopped.task());
    // Does nothing where the actor has said how it ended.
    stopped.done().completeExceptionally(new CancellationException("the work has stopped"));
    return this;
  }
}
