package io.millrace.engine.coordinator;

import com.typesafe.config.Config;
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
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Claim;
import io.millrace.engine.coordinator.CoordinatorMessage.Delete;
import io.millrace.engine.coordinator.CoordinatorMessage.Describe;
import io.millrace.engine.coordinator.CoordinatorMessage.Done;
import io.millrace.engine.coordinator.CoordinatorMessage.Heartbeat;
import io.millrace.engine.coordinator.CoordinatorMessage.HeartbeatReply;
import io.millrace.engine.coordinator.CoordinatorMessage.Leave;
import io.millrace.engine.coordinator.CoordinatorMessage.Orders;
import io.millrace.engine.coordinator.CoordinatorMessage.Prepare;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Release;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.Reset;
import io.millrace.engine.coordinator.CoordinatorMessage.Standing;
import io.millrace.engine.coordinator.CoordinatorMessage.Start;
import io.millrace.engine.coordinator.CoordinatorMessage.TurnedAway;
import io.millrace.engine.coordinator.ShardPositions.Lag;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardView;
import io.millrace.engine.stream.StreamView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The coordinator of one application: the one place that decides who works on which shard, and
 * keeps how far each is finished. There is no other store of it and no election.
 *
 * <p>What survives a restart: leases with their owners, epochs and checkpoints. Who is there is
 * learned again from heartbeats. Whatever it tells anybody is durable. Commands that arrive during
 * recovery or a write are stashed; checkpoints among them go into one event.
 */
final class CoordinatorActor
    extends EventSourcedBehaviorWithEnforcedReplies<
        CoordinatorMessage, CoordinatorEvent, CoordinatorState> {

  private static final int SNAPSHOTS_KEPT = 2;

  private final ActorContext<CoordinatorMessage> context;
  private final TimerScheduler<CoordinatorMessage> timers;
  private final CoordinatorSurroundings around;
  private final CheckpointDesk desk = new CheckpointDesk();

  // Lost at a restart, on purpose: each is learned again.
  private final Map<WorkerIdentity, Contact> contacts = new HashMap<>();
  private final Set<ShardId> fixing = new HashSet<>();
  private Coordination coordination;
  private Optional<CompletableFuture<Optional<StreamView>>> watch = Optional.empty();
  private Optional<ActorRef<Reply>> awaitingWrite = Optional.empty();
  private boolean isPlanned;

  /** When checkpoints were last written; long ago at first. */
  private long flushedNanos;

  /** How to reach a worker, and the newest heartbeat that was heard of it. */
  private record Contact(ActorRef<HeartbeatReply> worker, long beat) {}

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
    super(PersistenceId.ofUniqueId(persistenceId(application)), around.restarts());
    context.setLoggerName(CoordinatorActor.class);
    this.context = context;
    this.timers = timers;
    this.around = around;
    this.coordination =
        new Coordination(around.settings(), CoordinatorState.EMPTY, around.clock().nanoTime());
    this.flushedNanos =
        around.clock().nanoTime() - around.settings().checkpointInterval().toNanos();
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
        .onCommand(Checkpoint.class, this::onCheckpoint)
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
    contacts.put(worker, new Contact(heartbeat.replyTo(), heartbeat.beat()));
    if (state.binding().isEmpty()) {
      return persist(
          List.of(
              new ApplicationBound(
                  heartbeat.stream(),
                  stream.orElseThrow().incarnation(),
                  heartbeat.initialPosition())),
          Optional.empty(),
          bound -> tellOrders(bound, worker));
    }
    tellOrders(state, worker);
    return Effect().noReply();
  }

  private void tellOrders(CoordinatorState state, WorkerIdentity worker) {
    Contact contact = contacts.get(worker);
    if (contact != null) {
      contact
          .worker()
          .tell(new Orders(state.revision(), contact.beat(), Coordination.grants(state, worker)));
    }
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
        Optional.empty(),
        next -> planSoon());
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onLeave(
      CoordinatorState state, Leave leave) {
    coordination.left(leave.worker());
    contacts.remove(leave.worker());
    planSoon();
    List<ShardId> held = state.heldBy(leave.worker()).stream().map(Lease::shardId).toList();
    if (held.isEmpty()) {
      return Effect().reply(leave.replyTo(), new Done());
    }
    return persist(
        List.of(new LeasesReleased(held, Cause.GIVEN_UP)),
        Optional.of(leave.replyTo()),
        next -> leave.replyTo().tell(new Done()));
  }

  // Checkpoints.

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onCheckpoint(
      CoordinatorState state, Checkpoint checkpoint) {
    if (desk.take(checkpoint)) {
      flushSoon();
    }
    return Effect().noReply();
  }

  /** What was stashed during a write is handled before this comes: it gathers. */
  private void flushSoon() {
    long pause = around.settings().checkpointInterval().toNanos();
    long since = around.clock().nanoTime() - flushedNanos;
    if (since >= pause) {
      context.getSelf().tell(new Flush());
    } else {
      timers.startSingleTimer(new Flush(), Duration.ofNanos(pause - since));
    }
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onFlush(CoordinatorState state) {
    Optional<StreamView> stream = stream(state);
    CheckpointBatch batch =
        CheckpointBatch.decide(state, desk.next(), shardId -> isClosed(stream, shardId));
    if (!desk.isEmpty()) {
      context.getSelf().tell(new Flush());
    }
    if (batch.isEmpty()) {
      desk.written(batch.replies());
      return Effect().noReply();
    }
    flushedNanos = around.clock().nanoTime();
    return persist(
        List.of(batch.event()),
        Optional.empty(),
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
            isClosed(stream(state), prepare.shardId()));
    if (refusal.isPresent()) {
      return Effect().reply(prepare.replyTo(), refusal.get());
    }
    return persist(
        List.of(new CheckpointPrepared(prepare.shardId(), prepare.position(), prepare.state())),
        Optional.of(prepare.replyTo()),
        next -> prepare.replyTo().tell(new Done()));
  }

  /** The stream that the application is bound to, in the life that has the name now. */
  private Optional<StreamView> stream(CoordinatorState state) {
    return state.binding().flatMap(bound -> around.views().find(bound.stream()));
  }

  private static boolean isClosed(Optional<StreamView> stream, ShardId shardId) {
    return stream.flatMap(view -> view.shard(shardId)).filter(ShardView::isOpen).isEmpty();
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
    Optional<StreamView> stream = stream(state);
    Optional<Refused> refusal = whileUsed();
    if (refusal.isEmpty() && stream.isEmpty()) {
      refusal =
          Refused.because(
              Refused.Kind.NOT_FOUND, "There is no such application, or its stream is deleted.");
    }
    if (refusal.isEmpty()
        && (!reset.position().isInitial()
            || reset.position().epochMillis().orElse(0) > around.clock().epochMillis())) {
      refusal =
          Refused.because(
              Refused.Kind.INVALID, "%s is no place to begin.".formatted(reset.position()));
    }
    if (refusal.isPresent()) {
      return Effect().reply(reset.replyTo(), refusal.get());
    }
    ApplicationBound bound =
        new ApplicationBound(stream.get().name(), stream.get().incarnation(), reset.position());
    List<CoordinatorEvent> events = new ArrayList<>(List.of(bound));
    events.addAll(LeaseSync.decide(state.apply(bound), stream.get()));
    return persist(
        events,
        Optional.of(reset.replyTo()),
        next -> {
          reset.replyTo().tell(new Done());
          planSoon();
        });
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onDelete(
      CoordinatorState state, Delete delete) {
    Optional<Refused> refusal = whileUsed();
    if (refusal.isPresent()) {
      return Effect().reply(delete.replyTo(), refusal.get());
    }
    if (state.binding().isEmpty()) {
      return Effect().reply(delete.replyTo(), new Done());
    }
    return persist(
        List.of(new ApplicationDeleted()),
        Optional.of(delete.replyTo()),
        next -> delete.replyTo().tell(new Done()));
  }

  private Optional<Refused> whileUsed() {
    return coordination.roster().present().isEmpty()
        ? Optional.empty()
        : Refused.because(Refused.Kind.IN_USE, "The application has workers: stop them first.");
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
    watch = Optional.empty();
    return onPlan(state);
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onPlan(CoordinatorState state) {
    isPlanned = false;
    if (state.binding().isEmpty()) {
      return Effect().noReply();
    }
    Optional<StreamView> stream = stream(state);
    List<CoordinatorEvent> events = coordination.plan(state, stream, around.clock().nanoTime());
    dismissWorkers(state, stream);
    if (events.isEmpty()) {
      lookAtStream(state, stream);
      return Effect().noReply();
    }
    return persist(
        events,
        Optional.empty(),
        next -> {
          contacts.keySet().forEach(worker -> tellOrders(next, worker));
          lookAtStream(next, stream);
        });
  }

  /** Forgets how to reach workers that are none any more, and tells them if the stream is why. */
  private void dismissWorkers(CoordinatorState state, Optional<StreamView> stream) {
    if (!Coordination.isStreamThere(state, stream)) {
      String message = "Stream %s was deleted.".formatted(state.binding().orElseThrow().stream());
      contacts
          .values()
          .forEach(
              contact ->
                  contact.worker().tell(new TurnedAway(TurnedAway.Reason.NO_STREAM, message)));
    }
    contacts.keySet().removeIf(worker -> !coordination.roster().has(worker));
  }

  private void lookAtStream(CoordinatorState state, Optional<StreamView> stream) {
    if (!Coordination.isStreamThere(state, stream)) {
      return;
    }
    fixLatest(state, stream.get());
    if (watch.isEmpty()) {
      CompletableFuture<Optional<StreamView>> change =
          around
              .views()
              .await(
                  stream.get().name(),
                  view ->
                      view.incarnation() != stream.get().incarnation()
                          || view.status() != stream.get().status()
                          || !view.shards().equals(stream.get().shards()))
              .toCompletableFuture();
      watch = Optional.of(change);
      var unused = change.thenAccept(view -> context.getSelf().tell(new StreamChanged()));
    }
  }

  private void fixLatest(CoordinatorState state, StreamView stream) {
    for (Lease lease : state.leases().values()) {
      ShardId shardId = lease.shardId();
      if (lease.checkpoint().kind() == CheckpointPosition.Kind.LATEST && fixing.add(shardId)) {
        context.pipeToSelf(
            around.positions().latest(stream, shardId),
            (latest, failure) -> new LatestFound(shardId, Optional.ofNullable(latest)));
      }
    }
  }

  private ReplyEffect<CoordinatorEvent, CoordinatorState> onLatestFound(
      CoordinatorState state, LatestFound found) {
    fixing.remove(found.shardId());
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
        Optional.empty(),
        next -> planSoon());
  }

  // The watchdog.

  private void examineSuspects(CoordinatorState state) {
    Optional<StreamView> stream = stream(state);
    for (ShardId shardId : coordination.suspects(around.clock().nanoTime())) {
      Optional<Lease> lease = state.lease(shardId).filter(held -> held.owner().isPresent());
      if (lease.isPresent() && Coordination.isStreamThere(state, stream)) {
        boolean isClosed = isClosed(stream, shardId);
        CheckpointPosition checkpoint = lease.get().checkpoint();
        long epoch = lease.get().epoch();
        context.pipeToSelf(
            around.positions().lag(stream.get(), shardId, checkpoint),
            (lag, failure) ->
                new Examined(
                    shardId,
                    epoch,
                    checkpoint,
                    failure == null && (isClosed || !lag.equals(Lag.NONE))));
      }
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
        Optional.empty(),
        next -> planSoon());
  }

  // Storage.

  /**
   * Persists events, all or none, and then goes on.
   *
   * @param caller told when writing fails; who answers otherwise is up to {@code afterwards}
   */
  private ReplyEffect<CoordinatorEvent, CoordinatorState> persist(
      List<CoordinatorEvent> events,
      Optional<ActorRef<Reply>> caller,
      Consumer<CoordinatorState> afterwards) {
    awaitingWrite = caller;
    return Effect()
        .persist(events)
        .thenRun(
            (CoordinatorState state) -> {
              awaitingWrite = Optional.empty();
              afterwards.accept(state);
            })
        .thenNoReply();
  }

  @Override
  public EventHandler<CoordinatorState, CoordinatorEvent> eventHandler() {
    return CoordinatorState::apply;
  }

  @Override
  public SignalHandler<CoordinatorState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(JournalPersistFailed.class, (state, failed) -> writeFailed(failed.failure()))
        .onSignal(JournalPersistRejected.class, (state, failed) -> writeFailed(failed.failure()))
        .onSignal(PostStop.instance(), state -> stopWatching())
        .build();
  }

  /** Goes on from this state, at the start and after each failed write. */
  private void recovered(CoordinatorState state) {
    contacts.clear();
    fixing.clear();
    isPlanned = false;
    stopWatching();
    coordination = new Coordination(around.settings(), state, around.clock().nanoTime());
    timers.startTimerWithFixedDelay(new Tick(), around.settings().tickInterval());
    planSoon();
  }

  private void writeFailed(Throwable failure) {
    // An open breaker is the one failure that never reached the database.
    Refused.Kind kind =
        failure instanceof CircuitBreakerOpenException
            ? Refused.Kind.UNAVAILABLE
            : Refused.Kind.UNKNOWN;
    Refused refusal = new Refused(kind, "The storage failed: " + failure.getMessage());
    awaitingWrite.ifPresent(caller -> caller.tell(refusal));
    awaitingWrite = Optional.empty();
    desk.failed(refusal);
  }

  private void stopWatching() {
    watch.ifPresent(change -> change.cancel(false));
    watch = Optional.empty();
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(around.settings().snapshotEvery(), SNAPSHOTS_KEPT)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public String journalPluginId() {
    return around.plugin().journalId();
  }

  @Override
  public Optional<Config> journalPluginConfig() {
    return Optional.of(around.plugin().journalConfig());
  }

  @Override
  public String snapshotPluginId() {
    return around.plugin().snapshotId();
  }

  @Override
  public Optional<Config> snapshotPluginConfig() {
    return Optional.of(around.plugin().snapshotConfig());
  }
}
