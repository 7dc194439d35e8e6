package io.millrace.engine;

import io.millrace.engine.shard.LocalShards;
import io.millrace.engine.shard.ShardEnvironment;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.stream.RegistryActor;
import io.millrace.engine.stream.RegistryCommand;
import io.millrace.engine.stream.StreamSurroundings;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The parent of every actor of one engine, on an actor system that may have others. At the end its
 * guests stop first, then it has the shards drained, and stops with all that is beneath it.
 */
final class EngineGuardian extends AbstractBehavior<EngineGuardian.Command> {

  private final CompletableFuture<Void> stopped;
  private final ActorRef<LocalShards.Command> shards;
  private final Set<ActorRef<?>> guests = new HashSet<>();
  private boolean closing;

  /** What the guardian understands. */
  sealed interface Command {}

  /** Finish what waits, then stop. */
  enum Close implements Command {
    NOW
  }

  /**
   * Take in an actor of a module that is built upon the engine; ignored while the engine closes.
   *
   * @param arrival starts it, and says which it is
   */
  record Host(Function<ActorContext<Command>, ActorRef<?>> arrival) implements Command {}

  private record GuestStopped(ActorRef<?> guest) implements Command {}

  private record Drained() implements Command {}

  /** The actors that the engine talks to. */
  record Rooms(ActorRef<LocalShards.Command> shards, ActorRef<RegistryCommand> registry) {}

  private EngineGuardian(
      ActorContext<Command> context,
      ActorRef<LocalShards.Command> shards,
      CompletableFuture<Void> stopped) {
    super(context);
    this.shards = shards;
    this.stopped = stopped;
  }

  /**
   * The guardian's behavior.
   *
   * @param surroundings what the registry needs, given the way to the shards
   * @param rooms completed with the actors once they are there
   * @param stopped completed when nothing of the engine is left running
   */
  static Behavior<Command> create(
      ShardEnvironment environment,
      Function<ShardRegion, StreamSurroundings> surroundings,
      SecureRandom random,
      CompletableFuture<Rooms> rooms,
      CompletableFuture<Void> stopped) {
    return Behaviors.setup(
        context -> {
          ActorRef<LocalShards.Command> shards =
              context.spawn(LocalShards.create(environment), "shards");
          ShardRegion region = LocalShards.region(shards, context.getSystem());
          ActorRef<RegistryCommand> registry =
              context.spawn(RegistryActor.create(surroundings.apply(region), random), "streams");
          rooms.complete(new Rooms(shards, registry));
          return new EngineGuardian(context, shards, stopped);
        });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Host.class, this::onHost)
        .onMessage(GuestStopped.class, this::onGuestStopped)
        .onMessageEquals(Close.NOW, this::onClose)
        .onMessage(Drained.class, drained -> Behaviors.stopped())
        .onSignal(
            PostStop.class,
            signal -> {
              stopped.complete(null);
              return this;
            })
        .build();
  }

  private Behavior<Command> onHost(Host host) {
    if (!closing) {
      ActorRef<?> guest = host.arrival().apply(getContext());
      getContext().watchWith(guest, new GuestStopped(guest));
      guests.add(guest);
    }
    return this;
  }

  private Behavior<Command> onClose() {
    closing = true;
    guests.forEach(getContext()::stop);
    drainAfterGuests();
    return this;
  }

  private Behavior<Command> onGuestStopped(GuestStopped message) {
    guests.remove(message.guest());
    drainAfterGuests();
    return this;
  }

  private void drainAfterGuests() {
    if (closing && guests.isEmpty()) {
      shards.tell(
          new LocalShards.Drain(
              getContext().messageAdapter(LocalShards.Drained.class, drained -> new Drained())));
    }
  }
}
