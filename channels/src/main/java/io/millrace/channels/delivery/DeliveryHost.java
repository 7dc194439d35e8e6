package io.millrace.channels.delivery;

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

/** The parent of the actors that deliver shards; finds them by their task. */
public final class DeliveryHost extends AbstractBehavior<DeliveryHost.Command> {

  private final DeliveryEquipment equipment;
  private final Runnable whenStopped;
  private final Map<DeliveryTask, ActorRef<ShardDelivery.Command>> shards = new HashMap<>();

  /** What it understands. */
  public sealed interface Command {}

  /** Begin to deliver a shard. */
  record Start(
      DeliveryTask task, Delivery delivery, LeasedShard shard, CompletableFuture<Void> done)
      implements Command {}

  /** Give a shard up in order. */
  record Drain(DeliveryTask task, CompletableFuture<Void> drained) implements Command {}

  /** Stop delivering a shard at once. */
  record Lose(DeliveryTask task) implements Command {}

  private record Stopped(DeliveryTask task, CompletableFuture<Void> done) implements Command {}

  private DeliveryHost(
      ActorContext<Command> context, DeliveryEquipment equipment, Runnable whenStopped) {
    super(context);
    this.equipment = equipment;
    this.whenStopped = whenStopped;
  }

  /**
   * The parent.
   *
   * @param whenStopped run at its end
   */
  public static Behavior<Command> create(DeliveryEquipment equipment, Runnable whenStopped) {
    return Behaviors.setup(context -> new DeliveryHost(context, equipment, whenStopped));
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
    ActorRef<ShardDelivery.Command> actor =
        getContext()
            .spawnAnonymous(
                ShardDelivery.create(equipment, start.delivery(), start.shard(), start.done()));
    shards.put(start.task(), actor);
    getContext().watchWith(actor, new Stopped(start.task(), start.done()));
    return this;
  }

  private Behavior<Command> onDrain(Drain drain) {
    ActorRef<ShardDelivery.Command> actor = shards.get(drain.task());
    if (actor == null) {
      drain.drained().complete(null);
    } else {
      actor.tell(new ShardDelivery.Drain(drain.drained()));
    }
    return this;
  }

  private Behavior<Command> onLose(Lose lose) {
    ActorRef<ShardDelivery.Command> actor = shards.get(lose.task());
    if (actor != null) {
      actor.tell(ShardDelivery.Lost.NOW);
    }
    return this;
  }

  private Behavior<Command> onStopped(Stopped stopped) {
    shards.remove(stopped.task());
    // Does nothing where the actor has said how it ended.
    stopped.done().completeExceptionally(new CancellationException("the delivery has stopped"));
    return this;
  }
}
