package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased.Cause;
import io.millrace.engine.coordinator.CoordinatorMessage.Grant;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.TurnedAway;
import io.millrace.engine.coordinator.CoordinatorState.Binding;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.StreamView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a coordinator knows beside its state and loses at a restart: who is there, and since when
 * things are as they are. It decides; it persists nothing and tells nobody. Not safe for several
 * threads.
 */
final class Coordination {

  private final CoordinatorSettings settings;
  private Roster roster;
  private Map<ShardId, Since<String>> handOffs = new HashMap<>();
  private Map<ShardId, Since<CheckpointPosition>> progress = new HashMap<>();

  /** What is so under an epoch, and when that was first seen. */
  private record Since<T>(long epoch, T what, long nanos) {}

  /** Begins with what is stored: each lease keeps its owner for one full failover period. */
  Coordination(CoordinatorSettings settings, CoordinatorState state, long nowNanos) {
    this.settings = settings;
    this.roster = Roster.expecting(state, nowNanos);
  }

  /** The workers. */
  Roster roster() {
    return roster;
  }

  // Workers.

  /**
   * Why a worker is not taken; empty if it is.
   *
   * @param wanted the stream it believes that the application consumes
   * @param stream that stream, if there is one
   */
  Optional<TurnedAway> turnAway(
      CoordinatorState state,
      WorkerIdentity worker,
      StreamName wanted,
      Optional<StreamView> stream,
      CheckpointPosition initialPosition,
      long epochMillis) {
    Optional<Binding> binding = state.binding();
    if (binding.filter(bound -> !bound.stream().equals(wanted)).isPresent()) {
      return turnedAway(
          TurnedAway.Reason.OTHER_STREAM,
          "The application consumes stream %s.".formatted(binding.get().stream()));
    }
    if (stream.filter(view -> view.status() != StreamStatus.DELETING).isEmpty()) {
      return turnedAway(TurnedAway.Reason.NO_STREAM, "There is no stream %s.".formatted(wanted));
    }
    if (binding.filter(bound -> bound.incarnation() != stream.get().incarnation()).isPresent()) {
      return turnedAway(
          TurnedAway.Reason.OTHER_STREAM,
          "Stream %s was deleted and created again: reset the application.".formatted(wanted));
    }
    if (roster.hasNamesake(worker)) {
      return turnedAway(
          TurnedAway.Reason.NAMESAKE, "There is another worker %s.".formatted(worker.workerId()));
    }
    if (binding.isEmpty() && initialPosition.epochMillis().orElse(0) > epochMillis) {
      return turnedAway(
          TurnedAway.Reason.INVALID, "%s lies in the future.".formatted(initialPosition));
    }
    return Optional.empty();
  }

  private static Optional<TurnedAway> turnedAway(TurnedAway.Reason kind, String message) {
    return Optional.of(new TurnedAway(kind, message));
  }

  /**
   * A worker is there.
   *
   * @return whether that changes who should have what
   */
  boolean heard(WorkerIdentity worker, int maxLeases, long nowNanos) {
    boolean isNew =
        roster.named(worker.workerId()).filter(known -> known.maxLeases() == maxLeases).isEmpty();
    roster = roster.heard(worker, maxLeases, nowNanos);
    return isNew;
  }

  /** A worker is gone. */
  void left(WorkerIdentity worker) {
    roster = roster.without(worker);
  }

  /** All the leases that a worker has. */
  static List<Grant> grants(CoordinatorState state, WorkerIdentity worker) {
    return state.heldBy(worker).stream()
        .map(lease -> new Grant(lease.shardId(), lease.epoch(), lease.isInHandOff()))
        .toList();
  }

  // Decisions.

  /** Whether the stream that the application is bound to is there. */
  static boolean isStreamThere(CoordinatorState state, Optional<StreamView> stream) {
    return state.binding().isPresent()
        && stream
            .filter(view -> view.incarnation() == state.binding().get().incarnation())
            .filter(view -> view.status() != StreamStatus.DELETING)
            .isPresent();
  }

  /** Why nobody may reset or delete the application; empty if somebody may. */
  Optional<Refused> refusalWhileUsed() {
    return roster.present().isEmpty()
        ? Optional.empty()
        : Refused.because(Refused.Kind.IN_USE, "The application has workers: stop them first.");
  }

  /**
   * Why the application cannot begin anew; empty if it can.
   *
   * @param stream what it consumes, if that is there
   * @param position where it would begin
   */
  Optional<Refused> refusalToReset(
      Optional<StreamView> stream, CheckpointPosition position, long epochMillis) {
    Optional<Refused> whileUsed = refusalWhileUsed();
    if (whileUsed.isPresent()) {
      return whileUsed;
    }
    if (stream.isEmpty()) {
      return Refused.because(
          Refused.Kind.NOT_FOUND, "There is no such application, or its stream is deleted.");
    }
    boolean isPlace = position.isInitial() && position.epochMillis().orElse(0) <= epochMillis;
    return isPlace
        ? Optional.empty()
        : Refused.because(Refused.Kind.INVALID, "%s is no place to begin.".formatted(position));
  }

  /** The application begins anew, with the shards that its stream has now. */
  static List<CoordinatorEvent> reset(
      CoordinatorState state, StreamView stream, CheckpointPosition position) {
    ApplicationBound bound = new ApplicationBound(stream.name(), stream.incarnation(), position);
    List<CoordinatorEvent> events = new ArrayList<>(List.of(bound));
    events.addAll(LeaseSync.decide(state.apply(bound), stream));
    return events;
  }

  /** What has to happen now that time has passed, workers have come or gone, or shards changed. */
  List<CoordinatorEvent> plan(CoordinatorState state, Optional<StreamView> stream, long nowNanos) {
    if (!isStreamThere(state, stream)) {
      roster = Roster.EMPTY;
      List<ShardId> owned =
          state.leases().values().stream()
              .filter(lease -> lease.owner().isPresent())
              .map(Lease::shardId)
              .toList();
      return owned.isEmpty() ? List.of() : List.of(new LeasesReleased(owned, Cause.STREAM_GONE));
    }
    roster.silentSince(nowNanos, settings.failoverTime().toNanos()).forEach(this::left);
    List<CoordinatorEvent> events = new ArrayList<>(LeaseSync.decide(state, stream.get()));
    CoordinatorState synced = state.applyAll(events);
    note(synced, nowNanos);
    events.addAll(Assignment.plan(synced, roster, overdue(nowNanos), settings.maxHandOffs()));
    return events;
  }

  private void note(CoordinatorState state, long nowNanos) {
    Map<ShardId, Since<String>> nextHandOffs = new HashMap<>();
    Map<ShardId, Since<CheckpointPosition>> nextProgress = new HashMap<>();
    for (Lease lease : state.leases().values()) {
      ShardId id = lease.shardId();
      if (lease.isInHandOff()) {
        String to = lease.handOffTo().orElseThrow();
        nextHandOffs.put(id, since(handOffs.get(id), lease.epoch(), to, nowNanos));
      }
      if (lease.owner().isPresent()) {
        nextProgress.put(id, since(progress.get(id), lease.epoch(), lease.checkpoint(), nowNanos));
      }
    }
    handOffs = nextHandOffs;
    progress = nextProgress;
  }

  private static <T> Since<T> since(Since<T> known, long epoch, T what, long nowNanos) {
    boolean isSame = known != null && known.epoch() == epoch && known.what().equals(what);
    return isSame ? known : new Since<>(epoch, what, nowNanos);
  }

  private Set<ShardId> overdue(long nowNanos) {
    Set<ShardId> overdue = new HashSet<>();
    handOffs.forEach(
        (shardId, since) -> {
          if (nowNanos - since.nanos() >= settings.handOffTimeout().toNanos()) {
            overdue.add(shardId);
          }
        });
    return overdue;
  }

  /**
   * Leases that have had an owner and no checkpoint for so long that somebody should look whether
   * there are records. Each is named once; it is named again when as much time has passed again.
   */
  List<ShardId> suspects(long nowNanos) {
    List<ShardId> suspects = new ArrayList<>();
    progress.replaceAll(
        (shardId, since) -> {
          if (nowNanos - since.nanos() < settings.progressTimeout().toNanos()) {
            return since;
          }
          suspects.add(shardId);
          return new Since<>(since.epoch(), since.what(), nowNanos);
        });
    return suspects;
  }
}
