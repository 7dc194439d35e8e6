package io.millrace.engine;

import io.millrace.engine.shard.LocalShards;
import io.millrace.engine.shard.ShardEnvironment;
import io.millrace.engine.shard.ShardRegion;
import io.millrace.engine.stream.RegistryActor;
import io.millrace.engine.stream.RegistryCommand;
import io.millrace.engine.stream.StreamSurroundings;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The parent of every actor of one engine, on an actor system that may have others. At the end it
 * has the shards drained, and stops with all that is beneath it.
 */
final class EngineGuardian {

  /** What the guardian understands. */
  sealed interface Command {}

  /** Finish what waits, then stop. */
  enum Close implements Command {
    NOW
  }

  private record Drained() implements Command {}

  /** The actors that the engine talks to. */
  record Rooms(ActorRef<LocalShards.Command> shards, ActorRef<RegistryCommand> registry) {}

  private EngineGuardian() {}

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
          return open(context, shards, stopped);
        });
  }

  private static Behavior<Command> open(
      ActorContext<Command> context,
      ActorRef<LocalShards.Command> shards,
      CompletableFuture<Void> stopped) {
    ActorRef<LocalShards.Drained> whenDrained =
        context.messageAdapter(LocalShards.Drained.class, drained -> new Drained());
    return Behaviors.receive(Command.class)
        .onMessageEquals(
            Close.NOW,
            () -> {
              shards.tell(new LocalShards.Drain(whenDrained));
              return Behaviors.same();
            })
        .onMessage(Drained.class, drained -> Behaviors.stopped())
        .onSignal(
            PostStop.class,
            signal -> {
              stopped.complete(null);
              return Behaviors.same();
            })
        .build();
  }
}
