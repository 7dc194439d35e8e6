package io.millrace.engine.shard;

import io.millrace.engine.internal.Asks;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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

  /** The gates that take messages. */
  private final Map<ShardAddress, ActorRef<ShardMessage>> gates = new HashMap<>();

  /** These, and those that are about to stop. */
  private final Set<ActorRef<ShardMessage>> alive = new HashSet<>();

  private ActorRef<Drained> draining;

  /** What the guardian of local shards understands. */
  public sealed interface Command {}

  /** A message for one shard. */
  record Deliver(ShardAddress shard, ShardMessage message) implements Command {}

  /** The gate of a shard takes nothing more. */
  record GateLeaves(ShardAddress shard, ActorRef<ShardMessage> gate) implements Command {}

  /** The gate of a shard is no more. */
  private record GateStopped(ShardAddress shard, ActorRef<ShardMessage> gate) implements Command {}

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
        .onMessage(GateLeaves.class, this::onGateLeaves)
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
    ActorRef<ShardMessage> gate =
        getContext().spawnAnonymous(ShardGate.create(shard, environment, getContext().getSelf()));
    getContext().watchWith(gate, new GateStopped(shard, gate));
    alive.add(gate);
    return gate;
  }

  /** From here on the shard has another gate, if anyone asks for it. */
  private Behavior<Command> onGateLeaves(GateLeaves leaving) {
    gates.remove(leaving.shard(), leaving.gate());
    leaving.gate().tell(ShardGate.Leave.NOW);
    return this;
  }

  private Behavior<Command> onGateStopped(GateStopped stopped) {
    gates.remove(stopped.shard(), stopped.gate());
    alive.remove(stopped.gate());
    return stopIfDrained();
  }

  private Behavior<Command> onDrain(Drain drain) {
    draining = drain.replyTo();
    gates.values().forEach(gate -> gate.tell(ShardGate.Drain.NOW));
    return stopIfDrained();
  }

  private Behavior<Command> stopIfDrained() {
    if (draining == null || !alive.isEmpty()) {
      return this;
    }
    draining.tell(new Drained());
    return Behaviors.stopped();
  }
}
