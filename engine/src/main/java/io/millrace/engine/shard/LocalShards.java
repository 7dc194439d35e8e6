package io.millrace.engine.shard;

import io.millrace.engine.internal.Asks;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The shards of an engine that runs in one process: starts a gate when the first message for it
 * comes, and drains them all at the end.
 */
public final class LocalShards extends AbstractBehavior<LocalShards.Command> {

  private final ShardEnvironment environment;
  private final Map<ShardAddress, ActorRef<ShardMessage>> gates = new HashMap<>();
  private ActorRef<Drained> draining;

  /** What the guardian of local shards understands. */
  public sealed interface Command {}

  /** A message for one shard. */
  record Deliver(ShardAddress shard, ShardMessage message) implements Command {}

  /** The gate of a shard is no more. */
  private record GateStopped(ShardAddress shard) implements Command {}

  /** Finish what waits in every shard, then stop; later messages are refused. */
  public record Drain(ActorRef<Drained> replyTo) implements Command {}

  /** Every shard has stopped, and so has their guardian. */
  public record Drained() {}

  /** The guardian's behavior. */
  public static Behavior<Command> create(ShardEnvironment environment) {
    return Behaviors.setup(context -> new LocalShards(context, environment));
  }

  /** The port through which the rest of the engine reaches the shards of this guardian. */
  public static ShardRegion region(ActorRef<Command> guardian, ActorSystem<?> system) {
    return new ShardRegion() {
      @Override
      public void tell(ShardAddress shard, ShardMessage message) {
        guardian.tell(new Deliver(shard, message));
      }

      @Override
      public <R> CompletionStage<R> ask(
          ShardAddress shard, Function<ActorRef<R>, ShardMessage> message, Duration timeout) {
        return Asks.ask(
            guardian, replyTo -> new Deliver(shard, message.apply(replyTo)), timeout, system);
      }
    };
  }

  private LocalShards(ActorContext<Command> context, ShardEnvironment environment) {
    super(context);
    this.environment = environment;
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Deliver.class, this::onDeliver)
        .onMessage(Drain.class, this::onDrain)
        .onMessage(GateStopped.class, this::onGateStopped)
        .build();
  }

  private Behavior<Command> onDeliver(Deliver deliver) {
    if (draining == null) {
      gates.computeIfAbsent(deliver.shard(), this::start).tell(deliver.message());
    } else {
      Dismissal.CLOSING.answer(deliver.message());
    }
    return this;
  }

  private ActorRef<ShardMessage> start(ShardAddress shard) {
    ActorRef<ShardMessage> gate = getContext().spawnAnonymous(ShardGate.create(shard, environment));
    getContext().watchWith(gate, new GateStopped(shard));
    return gate;
  }

  private Behavior<Command> onGateStopped(GateStopped stopped) {
    gates.remove(stopped.shard());
    return stopIfDrained();
  }

  private Behavior<Command> onDrain(Drain drain) {
    draining = drain.replyTo();
    gates.values().forEach(gate -> gate.tell(ShardGate.Drain.NOW));
    return stopIfDrained();
  }

  private Behavior<Command> stopIfDrained() {
    if (draining == null || !gates.isEmpty()) {
      return this;
    }
    draining.tell(new Drained());
    return Behaviors.stopped();
  }
}
