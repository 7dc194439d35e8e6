package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationDeleted;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointPrepared;
import io.millrace.engine.coordinator.CoordinatorEvent.LatestFixed;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased.Cause;
import io.millrace.engine.coordinator.CoordinatorInternal.Examined;
import io.millrace.engine.coordinator.CoordinatorInternal.Flush;
import io.millrace.engine.coordinator.CoordinatorInternal.LatestFound;
import io.millrace.engine.coordinator.CoordinatorInternal.Plan;
import io.millrace.engine.coordinator.CoordinatorInternal.StreamChanged;
import io.millrace.engine.coordinator.CoordinatorInternal.Tick;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorMessage.Claim;
import io.millrace.engine.coordinator.CoordinatorMessage.Delete;
import io.millrace.engine.coordinator.CoordinatorMessage.Describe;
import io.millrace.engine.coordinator.CoordinatorMessage.Done;
import io.millrace.engine.coordinator.CoordinatorMessage.Heartbeat;
import io.millrace.engine.coordinator.CoordinatorMessage.Leave;
import io.millrace.engine.coordinator.CoordinatorMessage.Prepare;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Release;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.Reset;
import io.millrace.engine.coordinator.CoordinatorMessage.Standing;
import io.millrace.engine.coordinator.CoordinatorMessage.Start;
import io.millrace.engine.coordinator.CoordinatorMessage.TurnedAway;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.storage.PersistentActor;
import io.millrace.engine.stream.StreamView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator of one application: the one place that decides who works on which shard, and
 * keeps how far each is finished. There is no other store of it and no election.
 *
 * <p>What survives a restart: leases with their owners, epochs and checkpoints. Who is there is
 * learned again from heartbeats. Whatever it tells anybody is durable. Commands that arrive during
 * recovery or a write are stashed; checkpoints among them go into one event.
 */
final class CoordinatorActor
    extends PersistentActor<CoordinatorMessage, CoordinatorEvent, CoordinatorState> {

  private static final Logger log = LoggerFactory.getLogger(CoordinatorActor.class);
  private static final int ROWS_PER_ERASE = 100;

  private final ActorContext<CoordinatorMessage> context;
  private final TimerScheduler<CoordinatorMessage> timers;
  private final CoordinatorSurroundings around;
  private final CheckpointDesk desk = new CheckpointDesk();
  private final CheckpointPace pace;
  private final StreamWatch watch;

  // Lost at a restart, on purpose: each is learned again.
  private final WorkerContacts contacts = new WorkerContacts();
  private Coordination coordination;
  private boolean isPlanned;

  /** The identity of an application's events. */
  static String persistenceId(ApplicationName application) {
    return "application|" + application;
  }

  /** The coordinator of an application. Restarts for ever when it fails, ever more slowly. */
  static Behavior<CoordinatorMessage> create(
      ApplicationName application, CoordinatorSurroundings around) {
    return Behaviors.supervise(
            Behaviors.<CoordinatorMessage>setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new CoordinatorActor(context, timers, application, around))))
        .onFailure(around.restarts());
  }

  private CoordinatorActor(
      ActorContext<CoordinatorMessage> context,
      TimerScheduler<CoordinatorMessage> timers,
      ApplicationName application,
      CoordinatorSurroundings around) {
    super(
        persistenceId(application),
        around.restarts(),
        around.plugin(),
        snapshotEvery(around.settings().snapshotEvery()).withDeleteEventsOnSnapshot());
    context.setLoggerName(CoordinatorActor.class);
    this.context = context;
    this.timers = timers;
    this.around = around;
    this.watch = new StreamWatch(context, around);
    this.coordination =
        new Coordination(around.settings(), CoordinatorState.EMPTY, around.clock().nanoTime());
    this.pace =
        new CheckpointPace(
            context.getSelf(), timers, around.clock(), around.settings().writePause());
  }

  @Override
  public CoordinatorState emptyState() {
    return CoordinatorState.EMPTY;
  }

  @Override
  public CommandHandlerWithReply<CoordinatorMessage, CoordinatorEvent, CoordinatorState>
      commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Heartbeat.class, this::onHeartbeat)
        .onCommand(Claim.class, this::onClaim)
        .onCommand(Checkpoints.class, this::onCheckpoints)
        .onCommand(Flush.class, (state, flush) -> onFlush(state))
        .onCommand(Prepare.class, this::onPrepare)
        .onCommand(Release.class, this::onRelease)
        .onCommand(Leave.class, this::onLeave)
        .onCommand(Describe.class, this::onDescribe)
        .onCommand(Reset.class, this::onReset)
        .onCommand(Delete.class, this::onDelete)
        .onCommand(Tick.class, (state, tick) -> onTick(state))
        .onCommand(Plan.class, (state, plan) -> onPlan(state))
        .onCommand(StreamChanged.class, (state, changed) -> onStreamChanged(state))
        .onCommand(LatestFound.class, this::onLatestFound)
        .onCommand(Examined.class, this::onExamined)
        .build();
  }

  // Workers.

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onHeartbeat(
      CoordinatorState state, Heartbeat heartbeat) {
    WorkerIdentity worker = heartbeat.worker();
    Optional<StreamView> stream = around.views().find(heartbeat.stream());
    Optional<TurnedAway> turnedAway =
        coordination.turnAway(
            state,
            worker,
            heartbeat.stream(),
            stream,
            heartbeat.initialPosition(),
            around.clock().epochMillis());
    if (turnedAway.isPresent()) {
      return Effect().reply(heartbeat.replyTo(), turnedAway.get());
    }
    if (coordination.heard(worker, heartbeat.maxLeases(), around.clock().nanoTime())) {
      planSoon();
    }
    contacts.heard(heartbeat);
    if (state.binding().isEmpty()) {
      return persist(
          List.of(
              new ApplicationBound(
                  heartbeat.stream(),
                  stream.orElseThrow().incarnation(),
                  heartbeat.initialPosition())),
          bound -> contacts.tellOrders(bound, worker));
    }
    contacts.tellOrders(state, worker);
    return Effect().noReply();
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onClaim(
      CoordinatorState state, Claim claim) {
    return Effect()
        .reply(
            claim.replyTo(),
            state
                .held(claim.worker(), claim.shardId(), claim.epoch())
                .<CoordinatorMessage.ClaimReply>map(
                    lease -> new Start(lease.checkpoint(), lease.state(), lease.pending()))
                .orElseGet(
                    () ->
                        new Refused(
                            Refused.Kind.LEASE_LOST,
                            "The lease of %s is not that of epoch %d."
                                .formatted(claim.shardId(), claim.epoch()))));
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onRelease(
      CoordinatorState state, Release release) {
    if (state.held(release.worker(), release.shardId(), release.epoch()).isEmpty()) {
      return Effect().noReply();
    }
    return persist(
        List.of(new LeasesReleased(List.of(release.shardId()), Cause.GIVEN_UP)),
        next -> planSoon());
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onLeave(
      CoordinatorState state, Leave leave) {
    coordination.left(leave.worker());
    contacts.left(leave.worker());
    planSoon();
    List<ShardId> held = state.heldBy(leave.worker()).stream().map(Lease::shardId).toList();
    if (held.isEmpty()) {
      return Effect().reply(leave.replyTo(), new Done());
    }
    return persist(
        List.of(new LeasesReleased(held, Cause.GIVEN_UP)),
        leave.replyTo(),
        next -> leave.replyTo().tell(new Done()));
  }

  // Checkpoints.

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onCheckpoints(
      CoordinatorState state, Checkpoints checkpoints) {
    if (desk.take(checkpoints)) {
      pace.flushSoon();
    }
    return Effect().noReply();
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onFlush(CoordinatorState state) {
    CheckpointBatch batch =
        CheckpointBatch.decide(state, desk.next(), shardId -> watch.isClosed(state, shardId));
    if (!desk.isEmpty()) {
      context.getSelf().tell(new Flush());
    }
    if (batch.isEmpty()) {
      desk.written(batch.replies());
      return Effect().noReply();
    }
    pace.writing();
    return persist(
        List.of(batch.event()),
        next -> {
          desk.written(batch.replies());
          if (batch.endsShard()) {
            planSoon();
          }
        });
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onPrepare(
      CoordinatorState state, Prepare prepare) {
    Optional<Refused> refusal =
        state.refusal(
            prepare.worker(),
            prepare.shardId(),
            prepare.epoch(),
            prepare.position(),
            Optional.of(prepare.state()),
            watch.isClosed(state, prepare.shardId()));
    if (refusal.isPresent()) {
      return Effect().reply(prepare.replyTo(), refusal.get());
    }
    return persist(
        List.of(new CheckpointPrepared(prepare.shardId(), prepare.position(), prepare.state())),
        prepare.replyTo(),
        next -> prepare.replyTo().tell(new Done()));
  }

  // The application.

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onDescribe(
      CoordinatorState state, Describe describe) {
    return Effect()
        .reply(
            describe.replyTo(),
            new Standing(
                state.binding(),
                state.leases().values().stream().map(Lease::withoutState).toList(),
                coordination.roster().present().stream()
                    .map(member -> member.worker().workerId())
                    .sorted()
                    .toList()));
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onReset(
      CoordinatorState state, Reset reset) {
    Optional<StreamView> stream = watch.stream(state);
    Optional<Refused> refusal =
        coordination.refusalToReset(stream, reset.position(), around.clock().epochMillis());
    if (refusal.isPresent()) {
      return Effect().reply(reset.replyTo(), refusal.get());
    }
    return persist(
        Coordination.reset(state, stream.get(), reset.position()),
        reset.replyTo(),
        next -> {
          reset.replyTo().tell(new Done());
          planSoon();
        });
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onDelete(
      CoordinatorState state, Delete delete) {
    Optional<Refused> refusal = coordination.refusalWhileUsed();
    if (refusal.isPresent()) {
      return Effect().reply(delete.replyTo(), refusal.get());
    }
    if (state.binding().isEmpty()) {
      return Effect().reply(delete.replyTo(), new Done());
    }
    return persist(
        List.of(new ApplicationDeleted()),
        delete.replyTo(),
        next -> delete.replyTo().tell(new Done()));
  }

  // Planning.

  private void planSoon() {
    if (!isPlanned) {
      isPlanned = true;
      context.getSelf().tell(new Plan());
    }
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onTick(CoordinatorState state) {
    examineSuspects(state);
    return onPlan(state);
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onStreamChanged(CoordinatorState state) {
    watch.changed();
    return onPlan(state);
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onPlan(CoordinatorState state) {
    isPlanned = false;
    if (state.binding().isEmpty()) {
      return Effect().noReply();
    }
    Optional<StreamView> stream = watch.stream(state);
    List<CoordinatorEvent> events = coordination.plan(state, stream, around.clock().nanoTime());
    dismissWorkers(state, stream);
    if (events.isEmpty()) {
      watch.look(state, stream);
      return Effect().noReply();
    }
    return persist(
        events,
        next -> {
          contacts.tellOrders(next);
          watch.look(next, stream);
        });
  }

  /** Forgets how to reach workers that are none any more, and tells them if the stream is why. */
  private void dismissWorkers(CoordinatorState state, Optional<StreamView> stream) {
    if (!Coordination.isStreamThere(state, stream)) {
      contacts.turnAway(
          new TurnedAway(
              TurnedAway.Reason.NO_STREAM,
              "Stream %s was deleted.".formatted(state.binding().orElseThrow().stream())));
    }
    contacts.keepOnly(coordination.roster());
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onLatestFound(
      CoordinatorState state, LatestFound found) {
    watch.found(found.shardId());
    boolean isWanted =
        state
            .lease(found.shardId())
            .filter(lease -> lease.checkpoint().kind() == CheckpointPosition.Kind.LATEST)
            .isPresent();
    if (!isWanted || found.latest().isEmpty()) {
      return Effect().noReply();
    }
    return persist(
        List.of(
            new LatestFixed(
                found.shardId(), CheckpointPosition.after(found.latest().orElseThrow()))),
        next -> planSoon());
  }

  // The watchdog.

  private void examineSuspects(CoordinatorState state) {
    for (ShardId shardId : coordination.suspects(around.clock().nanoTime())) {
      state
          .lease(shardId)
          .filter(lease -> lease.owner().isPresent())
          .ifPresent(lease -> watch.examine(state, lease));
    }
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onExamined(
      CoordinatorState state, Examined examined) {
    Optional<Lease> stalled =
        state
            .lease(examined.shardId())
            .filter(lease -> lease.owner().isPresent() && lease.epoch() == examined.epoch())
            .filter(lease -> lease.checkpoint().equals(examined.checkpoint()));
    if (!examined.hasWork() || stalled.isEmpty()) {
      return Effect().noReply();
    }
    context
        .getLog()
        .warn(
            "{} makes no progress on {} beyond {} although there is work; freeing the lease",
            stalled.get().owner().orElseThrow(),
            examined.shardId(),
            examined.checkpoint());
    return persist(
        List.of(new LeasesReleased(List.of(examined.shardId()), Cause.STALLED)),
        next -> planSoon());
  }

  // Storage.

  private ReplyEffect<CoordinatorEvent, CoordinatorState> persist(
      List<CoordinatorEvent> events, Consumer<CoordinatorState> afterwards) {
    return persist(events, failure -> {}, afterwards);
  }

  /** Persists events, all or none; the caller is told when that fails. */
  private ReplyEffect<CoordinatorEvent, CoordinatorState> persist(
      List<CoordinatorEvent> events,
      ActorRef<Reply> caller,
      Consumer<CoordinatorState> afterwards) {
    return persist(events, failure -> caller.tell(refusal(failure)), afterwards);
  }

  private static Refused refusal(WriteFailure failure) {
    return new Refused(
        failure.isCertain() ? Refused.Kind.UNAVAILABLE : Refused.Kind.UNKNOWN, failure.message());
  }

  @Override
  public EventHandler<CoordinatorState, CoordinatorEvent> eventHandler() {
    return CoordinatorState::apply;
  }

  /** What is deleted is forgotten at once; only the epochs that were given stay. */
  @Override
  public boolean shouldSnapshot(CoordinatorState state, CoordinatorEvent event, long number) {
    return event instanceof ApplicationDeleted;
  }

  @Override
  protected void snapshotStored(CoordinatorState state, long event) {
    if (state.binding().isEmpty()) {
      var unused =
          erase(event)
              .exceptionally(
                  failure -> {
                    log.warn("{} could not be erased below {}", persistenceId(), event, failure);
                    return 0;
                  });
    }
  }

  private CompletionStage<Integer> erase(long below) {
    return around
        .trimmer()
        .deleteEvents(persistenceId().id(), below, ROWS_PER_ERASE)
        .thenCompose(
            rows ->
                rows > 0
                    ? erase(below)
                    : around.trimmer().deleteSnapshots(persistenceId().id(), below));
  }

  @Override
  protected void recovered(CoordinatorState state) {
    contacts.clear();
    isPlanned = false;
    watch.stop();
    coordination = new Coordination(around.settings(), state, around.clock().nanoTime());
    timers.startTimerWithFixedDelay(new Tick(), around.settings().tickInterval());
    planSoon();
  }

  @Override
  protected void writeFailed(WriteFailure failure) {
    desk.failed(refusal(failure));
  }

  @Override
  protected void stopped() {
    watch.stop();
  }
}
