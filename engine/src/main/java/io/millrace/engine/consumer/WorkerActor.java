package io.millrace.engine.consumer;

import io.millrace.engine.api.EngineClosedException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.coordinator.CoordinatorMessage.Heartbeat;
import io.millrace.engine.coordinator.CoordinatorMessage.HeartbeatReply;
import io.millrace.engine.coordinator.CoordinatorMessage.Leave;
import io.millrace.engine.coordinator.CoordinatorMessage.Orders;
import io.millrace.engine.coordinator.CoordinatorMessage.Release;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.TurnedAway;
import io.millrace.engine.coordinator.HeldLeases;
import io.millrace.engine.coordinator.HeldLeases.Action;
import io.millrace.engine.model.ShardId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One worker: tells its coordinator that it is there, and has an actor for each lease that it is
 * given. When the coordinator is silent for a failover period it stops all work, before others may
 * begin it.
 */
public final class WorkerActor extends AbstractBehavior<WorkerActor.Command> {

  private static final int BEATS_REMEMBERED = 16;

  private final TimerScheduler<Command> timers;
  private final WorkerSurroundings around;
  private final CheckpointCourier courier;
  private final ShardStrategy strategy;
  private final Handle handle;
  private final ActorRef<HeartbeatReply> replies;
  private final ActorRef<Reply> farewell;
  private final ActorRef<LeaseActor.Over> overs;
  private final HeldLeases held = new HeldLeases();
  private final Map<ShardId, Child> children = new HashMap<>();

  /** When the heartbeats were sent that may still be answered. */
  private final TreeMap<Long, Long> sentNanos = new TreeMap<>();

  private long beat;
  private long renewedNanos;
  private boolean isLeaving;

  /** What it understands. */
  public sealed interface Command {}

  private enum Told implements Command {
    BEAT,
    SHUT_DOWN,
    HURRY,
    LEFT
  }

  private record Answered(HeartbeatReply reply) implements Command {}

  private record LeaseOver(LeaseActor.Over over) implements Command {}

  private record Child(long epoch, ActorRef<LeaseActor.Command> actor) {}

  /** What its owner sees of it. */
  private static final class Handle implements Worker {

    private final WorkerSettings settings;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final CompletableFuture<ActorRef<Command>> actor = new CompletableFuture<>();

    Handle(WorkerSettings settings) {
      this.settings = settings;
    }

    @Override
    public WorkerSettings settings() {
      return settings;
    }

    @Override
    public CompletionStage<Void> joined() {
      return joined.minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> shutdown() {
      return actor
          .thenCompose(
              worker -> {
                worker.tell(Told.SHUT_DOWN);
                return stopped.<Void>handle((nothing, failure) -> null);
              })
          .minimalCompletionStage();
    }

    @Override
    public CompletionStage<Void> stopped() {
      return stopped.minimalCompletionStage();
    }

    void fail(MillraceException why) {
      joined.completeExceptionally(why);
      stopped.completeExceptionally(why);
    }
  }

  /** A worker that is to be started, and the handle of it. */
  public record Startable(Behavior<Command> behavior, Worker handle) {}

  /** A worker. */
  public static Startable create(WorkerSurroundings around, ShardStrategy strategy) {
    Handle handle = new Handle(around.worker());
    Behavior<Command> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> new WorkerActor(context, timers, around, strategy, handle)));
    return new Startable(behavior, handle);
  }

  private WorkerActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      WorkerSurroundings around,
      ShardStrategy strategy,
      Handle handle) {
    super(context);
    this.timers = timers;
    this.around = around;
    this.courier = new CheckpointCourier(around);
    this.strategy = strategy;
    this.handle = handle;
    this.replies = context.messageAdapter(HeartbeatReply.class, Answered::new);
    this.farewell = context.messageAdapter(Reply.class, reply -> Told.LEFT);
    this.overs = context.messageAdapter(LeaseActor.Over.class, LeaseOver::new);
    this.renewedNanos = around.clock().nanoTime();
    handle.actor.complete(context.getSelf());
    timers.startTimerWithFixedDelay(Told.BEAT, around.settings().heartbeatInterval());
    sendBeat();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessageEquals(Told.BEAT, this::onBeat)
        .onMessage(Answered.class, this::onAnswered)
        .onMessage(LeaseOver.class, this::onLeaseOver)
        .onMessageEquals(Told.SHUT_DOWN, this::onShutDown)
        .onMessageEquals(Told.HURRY, this::onHurry)
        .onMessageEquals(Told.LEFT, Behaviors::stopped)
        .onSignal(PostStop.class, signal -> onStopped())
        .build();
  }

  private Behavior<Command> onBeat() {
    long silentNanos = around.clock().nanoTime() - renewedNanos;
    if (silentNanos >= around.settings().failoverTime().toNanos()) {
      carryOut(held.loseAll());
    }
    if (isLeaving && held.isIdle()) {
      around.tellCoordinator(new Leave(around.identity(), farewell));
    } else {
      sendBeat();
    }
    return this;
  }

  private void sendBeat() {
    beat++;
    sentNanos.put(beat, around.clock().nanoTime());
    if (sentNanos.size() > BEATS_REMEMBERED) {
      sentNanos.pollFirstEntry();
    }
    WorkerSettings worker = around.worker();
    around.tellCoordinator(
        new Heartbeat(
            around.identity(),
            worker.stream(),
            worker.initialPosition(),
            isLeaving ? 0 : worker.maxLeases(),
            beat,
            replies));
  }

  private Behavior<Command> onAnswered(Answered answered) {
    if (answered.reply() instanceof TurnedAway turnedAway) {
      handle.fail(problem(turnedAway));
      return Behaviors.stopped();
    }
    Orders orders = (Orders) answered.reply();
    Long sent = sentNanos.get(orders.beat());
    if (sent != null) {
      renewedNanos = sent;
      sentNanos.headMap(orders.beat()).clear();
    }
    handle.joined.complete(null);
    carryOut(held.obey(orders));
    return this;
  }

  private Behavior<Command> onLeaseOver(LeaseOver message) {
    LeaseActor.Over over = message.over();
    Child child = children.get(over.shardId());
    if (child != null && child.epoch() == over.epoch()) {
      children.remove(over.shardId());
      around.meter().leases(children.size());
    }
    carryOut(held.over(over.shardId(), over.epoch()));
    leaveWhenIdle();
    return this;
  }

  private Behavior<Command> onShutDown() {
    if (!isLeaving) {
      isLeaving = true;
      carryOut(held.leave());
      timers.startSingleTimer(Told.HURRY, around.settings().handOffTimeout());
      sendBeat();
      leaveWhenIdle();
    }
    return this;
  }

  private Behavior<Command> onHurry() {
    carryOut(held.loseAll());
    leaveWhenIdle();
    return this;
  }

  private void leaveWhenIdle() {
    if (isLeaving && held.isIdle()) {
      around.tellCoordinator(new Leave(around.identity(), farewell));
    }
  }

  private Behavior<Command> onStopped() {
    handle.joined.completeExceptionally(new EngineClosedException());
    handle.stopped.complete(null);
    around.meter().close();
    return this;
  }

  private void carryOut(List<Action> actions) {
    for (Action action : actions) {
      switch (action.step()) {
        case BEGIN -> begin(action.shardId(), action.epoch());
        case DRAIN -> children.get(action.shardId()).actor().tell(LeaseActor.Drain.DRAIN);
        case DROP -> drop(action.shardId());
        case RELEASE ->
            around.tellCoordinator(
                new Release(around.identity(), action.shardId(), action.epoch()));
      }
    }
  }

  private void begin(ShardId shardId, long epoch) {
    ActorRef<LeaseActor.Command> actor =
        getContext()
            .spawn(
                LeaseActor.create(around, courier, strategy, shardId, epoch, overs),
                shardId + "~" + epoch);
    children.put(shardId, new Child(epoch, actor));
    around.meter().leaseTaken();
    around.meter().leases(children.size());
  }

  private void drop(ShardId shardId) {
    getContext().stop(children.remove(shardId).actor());
    around.meter().leaseLost();
    around.meter().leases(children.size());
  }

  private MillraceException problem(TurnedAway turnedAway) {
    return switch (turnedAway.reason()) {
      case NO_STREAM -> new ResourceNotFoundException(turnedAway.message());
      case OTHER_STREAM, NAMESAKE -> new ResourceInUseException(turnedAway.message());
      case INVALID -> new InvalidArgumentException(turnedAway.message());
    };
  }
}
