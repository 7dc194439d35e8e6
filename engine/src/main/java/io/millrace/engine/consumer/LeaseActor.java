package io.millrace.engine.consumer;

import io.millrace.engine.coordinator.CoordinatorMessage.Claim;
import io.millrace.engine.coordinator.CoordinatorMessage.ClaimReply;
import io.millrace.engine.coordinator.CoordinatorMessage.Start;
import io.millrace.engine.coordinator.Coordinators;
import io.millrace.engine.internal.Asks;
import io.millrace.engine.model.ShardId;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * One lease of a worker: asks where to begin, has a task work from there, and begins anew with
 * another task when that fails, ever more slowly. When it is stopped, the task is told so.
 */
final class LeaseActor extends AbstractBehavior<LeaseActor.Command> {

  private final WorkerSurroundings around;
  private final CheckpointCourier courier;
  private final ShardStrategy strategy;
  private final ShardId shardId;
  private final long epoch;
  private final ActorRef<Over> worker;
  private Work work = Work.NONE;
  private boolean isDraining;

  /** What it understands. */
  sealed interface Command {}

  /** Finish what runs, then give the lease up. */
  enum Drain implements Command {
    DRAIN
  }

  private record Claimed(ClaimReply reply) implements Command {}

  private record Ended() implements Command {}

  private record Drained() implements Command {}

  private record Failed(Throwable cause) implements Command {}

  /** Nobody works on the shard any more. */
  record Over(ShardId shardId, long epoch) {}

  /** A task and its way to the coordinator. */
  private record Work(ShardTask task, LeasePort port) {

    static final Work NONE = new Work(null, null);

    void abandon() {
      if (task != null) {
        port.lose();
        task.lost();
      }
    }
  }

  /**
   * The actor of a lease.
   *
   * @param courier takes the checkpoints of the worker
   * @param worker told when nobody works on the shard any more; it stops then
   */
  static Behavior<Command> create(
      WorkerSurroundings around,
      CheckpointCourier courier,
      ShardStrategy strategy,
      ShardId shardId,
      long epoch,
      ActorRef<Over> worker) {
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context ->
                    new LeaseActor(context, around, courier, strategy, shardId, epoch, worker)))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(
                around.settings().minBackoff(), around.settings().maxBackoff(), 0.2));
  }

  private LeaseActor(
      ActorContext<Command> context,
      WorkerSurroundings around,
      CheckpointCourier courier,
      ShardStrategy strategy,
      ShardId shardId,
      long epoch,
      ActorRef<Over> worker) {
    super(context);
    this.around = around;
    this.courier = courier;
    this.strategy = strategy;
    this.shardId = shardId;
    this.epoch = epoch;
    this.worker = worker;
    context.pipeToSelf(
        Asks.<Coordinators.Command, ClaimReply>ask(
            around.coordinators(),
            replyTo -> around.toCoordinator(new Claim(around.identity(), shardId, epoch, replyTo)),
            around.answerTimeout(),
            around.system()),
        (reply, failure) -> failure == null ? new Claimed(reply) : new Failed(failure));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Claimed.class, this::onClaimed)
        .onMessageEquals(Drain.DRAIN, this::onDrain)
        .onMessage(Ended.class, ended -> over())
        .onMessage(Drained.class, drained -> over())
        .onMessage(Failed.class, this::onFailed)
        .onSignal(PreRestart.class, signal -> abandon())
        .onSignal(PostStop.class, signal -> abandon())
        .build();
  }

  private Behavior<Command> onClaimed(Claimed claimed) {
    if (isDraining || !(claimed.reply() instanceof Start start)) {
      return over();
    }
    work = new Work(strategy.newTask(), new LeasePort(around, courier, shardId, epoch, start));
    tellSelf(
        work.task()
            .start(work.port())
            .handle((done, failure) -> failure == null ? new Ended() : new Failed(failure)));
    return this;
  }

  /** A stage without a value would be lost by an actor that has stopped with a complaint. */
  private void tellSelf(CompletionStage<Command> stage) {
    getContext().pipeToSelf(stage, (told, never) -> told);
  }

  private Behavior<Command> onDrain() {
    if (isDraining) {
      return this;
    }
    isDraining = true;
    if (work.task() == null) {
      return over();
    }
    tellSelf(work.task().drain().handle((done, failure) -> new Drained()));
    return this;
  }

  private Behavior<Command> onFailed(Failed failed) {
    Throwable cause = failed.cause();
    if (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (isDraining || cause instanceof ShutdownException) {
      abandon();
      return over();
    }
    around.meter().failed();
    throw new IllegalStateException(
        "The work on %s of %s failed".formatted(shardId, around.worker().stream()), cause);
  }

  private Behavior<Command> over() {
    if (work.port() != null) {
      work.port().lose();
    }
    work = Work.NONE;
    worker.tell(new Over(shardId, epoch));
    return Behaviors.stopped();
  }

  private Behavior<Command> abandon() {
    work.abandon();
    work = Work.NONE;
    return this;
  }
}
