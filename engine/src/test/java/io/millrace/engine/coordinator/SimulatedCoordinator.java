package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.LatestFixed;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated.Created;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased.Cause;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorMessage.Claim;
import io.millrace.engine.coordinator.CoordinatorMessage.Heartbeat;
import io.millrace.engine.coordinator.CoordinatorMessage.Leave;
import io.millrace.engine.coordinator.CoordinatorMessage.Orders;
import io.millrace.engine.coordinator.CoordinatorMessage.Release;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.Start;
import io.millrace.engine.coordinator.CoordinatorMessage.TurnedAway;
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
import java.util.function.BiConsumer;

/**
 * What the coordinator's actor does around the state and the coordination, without an actor: its
 * journal is a list, and a write may be followed by a crash.
 */
final class SimulatedCoordinator {

  static final CoordinatorSettings SETTINGS =
      new CoordinatorSettings(
          Duration.ofMillis(1000),
          Duration.ofMillis(1500),
          2,
          Duration.ofDays(1),
          Duration.ZERO,
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          100);

  final List<CoordinatorEvent> journal = new ArrayList<>();
  private final SimulatedStream stream;
  private final boolean leasesEarly;
  private final BiConsumer<WorkerIdentity, Object> send;
  private final BiConsumer<CoordinatorState, CoordinatorEvent> watch;
  private final Map<WorkerIdentity, Long> beats = new HashMap<>();
  private final List<Checkpoints> gathered = new ArrayList<>();

  /** Shards that have, or had, a lease. */
  private final Set<ShardId> leased = new HashSet<>();

  CoordinatorState state = CoordinatorState.EMPTY;
  private Coordination coordination;

  /** The answer to checkpoints, with what it answers. */
  record Answered(Checkpoints request, List<Reply> replies) {}

  /** The answer to a claim, with what it answers. */
  record Started(Claim request, Optional<Start> start) {}

  /**
   * A coordinator.
   *
   * @param leasesEarly whether children have leases before their parents are finished, as a journal
   *     may have them: they are held back all the same
   * @param send how a message goes to a worker
   * @param watch told the state and each event that follows it
   */
  SimulatedCoordinator(
      SimulatedStream stream,
      boolean leasesEarly,
      BiConsumer<WorkerIdentity, Object> send,
      BiConsumer<CoordinatorState, CoordinatorEvent> watch) {
    this.stream = stream;
    this.leasesEarly = leasesEarly;
    this.send = send;
    this.watch = watch;
    this.coordination = new Coordination(SETTINGS, state, 0);
  }

  /** Loses all that is not in the journal. */
  void restart(long nowNanos) {
    CoordinatorState recovered = CoordinatorState.EMPTY.applyAll(journal);
    if (!recovered.equals(state)) {
      throw new AssertionError("recovery differs: " + recovered + " from " + state);
    }
    beats.clear();
    gathered.clear();
    coordination = new Coordination(SETTINGS, state, nowNanos);
  }

  void receive(Object message, long nowNanos) {
    if (message instanceof Heartbeat heartbeat) {
      onHeartbeat(heartbeat, nowNanos);
    } else if (message instanceof Claim claim) {
      Optional<Start> start =
          state
              .held(claim.worker(), claim.shardId(), claim.epoch())
              .map(lease -> new Start(lease.checkpoint(), lease.state(), lease.pending()));
      send.accept(claim.worker(), new Started(claim, start));
    } else if (message instanceof Checkpoints checkpoints) {
      gathered.add(checkpoints);
    } else if (message instanceof Release release) {
      if (state.held(release.worker(), release.shardId(), release.epoch()).isPresent()) {
        persist(List.of(new LeasesReleased(List.of(release.shardId()), Cause.GIVEN_UP)));
        plan(nowNanos);
      }
    } else if (message instanceof Leave leave) {
      coordination.left(leave.worker());
      beats.remove(leave.worker());
      List<ShardId> held = state.heldBy(leave.worker()).stream().map(Lease::shardId).toList();
      if (!held.isEmpty()) {
        persist(List.of(new LeasesReleased(held, Cause.GIVEN_UP)));
      }
      send.accept(leave.worker(), leave);
      plan(nowNanos);
    }
  }

  private void onHeartbeat(Heartbeat heartbeat, long nowNanos) {
    Optional<TurnedAway> turnedAway =
        coordination.turnAway(
            state,
            heartbeat.worker(),
            heartbeat.stream(),
            Optional.of(stream.view()),
            heartbeat.initialPosition(),
            nowNanos);
    if (turnedAway.isPresent()) {
      throw new AssertionError(turnedAway.get());
    }
    boolean isNew = coordination.heard(heartbeat.worker(), heartbeat.maxLeases(), nowNanos);
    beats.merge(heartbeat.worker(), heartbeat.beat(), Math::max);
    if (state.binding().isEmpty()) {
      persist(
          List.of(
              new ApplicationBound(
                  SimulatedStream.NAME, SimulatedStream.INCARNATION, heartbeat.initialPosition())));
    }
    tellOrders(heartbeat.worker());
    if (isNew) {
      plan(nowNanos);
    }
  }

  private void tellOrders(WorkerIdentity worker) {
    send.accept(
        worker,
        new Orders(state.revision(), beats.get(worker), Coordination.grants(state, worker)));
  }

  /** Writes what has gathered, as one event; a crash may come before anybody is told. */
  void flush(boolean crashesBeforeReplies, long nowNanos) {
    if (gathered.isEmpty()) {
      return;
    }
    List<Checkpoints> requests = List.copyOf(gathered);
    gathered.clear();
    StreamView view = stream.view();
    CheckpointBatch batch =
        CheckpointBatch.decide(
            state, requests, shardId -> view.shard(shardId).filter(ShardView::isOpen).isEmpty());
    if (!batch.isEmpty()) {
      persist(List.of(batch.event()));
    }
    if (crashesBeforeReplies) {
      restart(nowNanos);
      return;
    }
    int from = 0;
    for (Checkpoints request : requests) {
      int to = from + request.checkpoints().size();
      List<Reply> replies = batch.replies().subList(from, to);
      for (int i = 0; i < replies.size(); i++) {
        checkFence(request.checkpoints().get(i), replies.get(i));
      }
      send.accept(request.worker(), new Answered(request, replies));
      from = to;
    }
    if (batch.endsShard()) {
      plan(nowNanos);
    }
  }

  private void checkFence(Checkpoint request, Reply reply) {
    long epoch = state.lease(request.shardId()).map(Lease::epoch).orElse(0L);
    if (reply instanceof CoordinatorMessage.Done && request.epoch() != epoch) {
      throw new AssertionError("a stale epoch is told that it stored " + request);
    }
  }

  /** Whether a worker counts as present. */
  boolean hasPresent(WorkerIdentity worker) {
    return coordination.roster().has(worker);
  }

  void plan(long nowNanos) {
    if (state.binding().isEmpty()) {
      return;
    }
    List<CoordinatorEvent> events = coordination.plan(state, Optional.of(stream.view()), nowNanos);
    beats.keySet().removeIf(worker -> !coordination.roster().has(worker));
    persist(events);
    if (!events.isEmpty()) {
      List.copyOf(beats.keySet()).forEach(this::tellOrders);
    }
    if (leasesEarly) {
      leaseChildren();
    }
    List<Lease> undecided =
        state.leases().values().stream()
            .filter(lease -> lease.checkpoint().kind() == CheckpointPosition.Kind.LATEST)
            .toList();
    for (Lease lease : undecided) {
      persist(
          List.of(
              new LatestFixed(
                  lease.shardId(),
                  CheckpointPosition.after(stream.shards.get(lease.shardId()).latest()))));
    }
  }

  /** The children of leased shards have leases as soon as the stream has them. */
  private void leaseChildren() {
    for (ShardView shard : stream.view().shards()) {
      boolean areParentsLeased =
          shard.parents().stream().allMatch(parent -> state.lease(parent).isPresent());
      if (!shard.parents().isEmpty() && areParentsLeased && !leased.contains(shard.shardId())) {
        CheckpointPosition start = CheckpointPosition.TRIM_HORIZON;
        write(new LeasesCreated(List.of(new Created(shard.shardId(), shard.parents(), start))));
      }
    }
  }

  private void persist(List<CoordinatorEvent> events) {
    for (CoordinatorEvent event : events) {
      watch.accept(state, event);
      write(event);
    }
  }

  private void write(CoordinatorEvent event) {
    journal.add(event);
    state = state.apply(event);
    leased.addAll(state.leases().keySet());
  }
}
