package io.millrace.engine.coordinator;

import io.millrace.engine.model.ApplicationName;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The coordinators of an engine's applications, each started when it is first needed. */
public final class Coordinators extends AbstractBehavior<Coordinators.Command> {

  private final CoordinatorSurroundings around;
  private final Map<ApplicationName, ActorRef<CoordinatorMessage>> actors = new HashMap<>();

  /** What it understands. */
  public sealed interface Command {}

  /** Hands a message on to the coordinator of an application. */
  public record ForApplication(ApplicationName application, CoordinatorMessage message)
      implements Command {}

  private record Stopped(ApplicationName application) implements Command {}

  private Coordinators(ActorContext<Command> context, CoordinatorSurroundings around) {
    super(context);
    this.around = around;
  }

  /** The parent of the coordinators. */
  public static Behavior<Command> create(CoordinatorSurroundings around) {
    return Behaviors.setup(context -> new Coordinators(context, around));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ForApplication.class, this::onForApplication)
        .onMessage(Stopped.class, this::onStopped)
        .build();
  }

  private Behavior<Command> onForApplication(ForApplication command) {
    actors.computeIfAbsent(command.application(), this::start).tell(command.message());
    return this;
  }

  private ActorRef<CoordinatorMessage> start(ApplicationName application) {
    ActorRef<CoordinatorMessage> actor =
        getContext().spawn(CoordinatorActor.create(application, around), application.value() + "~");
    getContext().watchWith(actor, new Stopped(application));
    return actor;
  }

  private Behavior<Command> onStopped(Stopped stopped) {
    getContext().getLog().error("The coordinator of {} stopped", stopped.application());
    actors.remove(stopped.application());
    return this;
  }
}
