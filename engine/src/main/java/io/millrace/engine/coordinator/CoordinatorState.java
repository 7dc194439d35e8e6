package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationBound;
import io.millrace.engine.coordinator.CoordinatorEvent.ApplicationDeleted;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointPrepared;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten.Written;
import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun;
import io.millrace.engine.coordinator.CoordinatorEvent.LatestFixed;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesReleased;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesRemoved;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What a coordinator remembers of its application. Immutable; its size grows with the shards of the
 * stream, and with the state that processors store.
 *
 * @param binding what the application consumes; empty before its first worker and once deleted
 * @param lastEpoch the greatest epoch that was given; outlives resets and deletion
 * @param revision how many events happened
 * @param leases the leases, by shard
 */
public record CoordinatorState(
    Optional<Binding> binding, long lastEpoch, long revision, SortedMap<ShardId, Lease> leases) {

  /** The largest state that is stored with a checkpoint, bytes. */
  public static final int MAX_STATE_BYTES = 1 << 20;

  /** An application that nobody has worked for yet. */
  static final CoordinatorState EMPTY =
      new CoordinatorState(Optional.empty(), 0, 0, new TreeMap<>());

  /**
   * What an application consumes.
   *
   * @param stream the stream's name
   * @param incarnation which life of the name
   * @param initialPosition where it began
   */
  public record Binding(StreamName stream, long incarnation, CheckpointPosition initialPosition) {}

  public CoordinatorState {
    leases = Collections.unmodifiableSortedMap(leases);
  }

  // Questions.

  Optional<Lease> lease(ShardId shardId) {
    return Optional.ofNullable(leases.get(shardId));
  }

  /** The lease, if this worker has it under this epoch. */
  Optional<Lease> held(WorkerIdentity worker, ShardId shardId, long epoch) {
    return lease(shardId).filter(lease -> lease.isHeldBy(worker, epoch));
  }

  /** The leases that a worker has. */
  List<Lease> heldBy(WorkerIdentity worker) {
    return leases.values().stream()
        .filter(lease -> lease.owner().filter(worker::equals).isPresent())
        .toList();
  }

  /** The same as if there were only these leases. */
  CoordinatorState onlyOf(Set<ShardId> shardIds) {
    TreeMap<ShardId, Lease> some = new TreeMap<>();
    shardIds.forEach(shardId -> lease(shardId).ifPresent(lease -> some.put(shardId, lease)));
    return new CoordinatorState(binding, lastEpoch, revision, some);
  }

  /** Whether somebody may work on it: it begins at a place that stands, and its parents ended. */
  boolean isLeasable(Lease lease) {
    return !lease.isEnded()
        && lease.checkpoint().kind() != CheckpointPosition.Kind.LATEST
        && lease.parents().stream()
            .allMatch(parent -> lease(parent).map(Lease::isEnded).orElse(true));
  }

  // Decisions.

  /** What becomes of a checkpoint. */
  sealed interface Verdict {}

  /** It is to be written. */
  record Write(Written written) implements Verdict {}

  /** It stands already. */
  enum Stands implements Verdict {
    STANDS
  }

  /** It is refused. */
  record Denied(Refused refusal) implements Verdict {}

  /**
   * Judges a checkpoint.
   *
   * @param state stored with it; empty leaves what there is
   * @param isClosed whether the stream says that the shard takes no more records
   */
  Verdict checkpoint(
      WorkerIdentity worker,
      ShardId shardId,
      long epoch,
      CheckpointPosition position,
      Optional<Payload> state,
      boolean isClosed) {
    Optional<Lease> lease = lease(shardId);
    if (position.isShardEnd()
        && lease.filter(ended -> ended.isEnded() && ended.epoch() == epoch).isPresent()) {
      return Stands.STANDS;
    }
    Optional<Refused> refusal = refusal(worker, shardId, epoch, position, state, isClosed);
    if (refusal.isPresent()) {
      return new Denied(refusal.get());
    }
    boolean changesNothing =
        position.equals(lease.orElseThrow().checkpoint())
            && state.isEmpty()
            && lease.get().pending().isEmpty();
    return changesNothing ? Stands.STANDS : new Write(new Written(shardId, position, state));
  }

  /** Why a checkpoint cannot be written or prepared; empty if it can. */
  Optional<Refused> refusal(
      WorkerIdentity worker,
      ShardId shardId,
      long epoch,
      CheckpointPosition position,
      Optional<Payload> state,
      boolean isClosed) {
    Optional<Lease> held = held(worker, shardId, epoch);
    if (held.isEmpty()) {
      return Refused.because(
          Refused.Kind.LEASE_LOST,
          "The lease of %s is not that of epoch %d any more.".formatted(shardId, epoch));
    }
    CheckpointPosition present = held.get().checkpoint();
    if (position.compareTo(present) < 0) {
      return Refused.because(
          Refused.Kind.INVALID, "%s lies before the checkpoint %s.".formatted(position, present));
    }
    if (position.isInitial() && !position.equals(present)) {
      return Refused.because(Refused.Kind.INVALID, position + " finishes nothing.");
    }
    if (position.sequenceNumber().filter(n -> !n.shardId().equals(shardId)).isPresent()) {
      return Refused.because(
          Refused.Kind.INVALID, "%s is no number of %s.".formatted(position, shardId));
    }
    if (position.isShardEnd() && !isClosed) {
      return Refused.because(Refused.Kind.INVALID, "%s has not ended.".formatted(shardId));
    }
    if (state.map(Payload::size).orElse(0) > MAX_STATE_BYTES) {
      return Refused.because(
          Refused.Kind.INVALID, "The state is larger than %d bytes.".formatted(MAX_STATE_BYTES));
    }
    return Optional.empty();
  }

  // Transitions.

  /** The state after these events. */
  CoordinatorState applyAll(List<CoordinatorEvent> events) {
    CoordinatorState next = this;
    for (CoordinatorEvent event : events) {
      next = next.apply(event);
    }
    return next;
  }

  /** The state after this event. */
  CoordinatorState apply(CoordinatorEvent event) {
    if (event instanceof ApplicationBound bound) {
      return new CoordinatorState(
          Optional.of(new Binding(bound.stream(), bound.incarnation(), bound.initialPosition())),
          lastEpoch,
          revision + 1,
          new TreeMap<>());
    }
    if (event instanceof ApplicationDeleted) {
      return new CoordinatorState(Optional.empty(), lastEpoch, revision + 1, new TreeMap<>());
    }
    TreeMap<ShardId, Lease> next = new TreeMap<>(leases);
    long epoch = lastEpoch;
    if (event instanceof LeasesCreated created) {
      for (LeasesCreated.Created lease : created.leases()) {
        next.put(
            lease.shardId(), Lease.fresh(lease.shardId(), lease.parents(), lease.checkpoint()));
      }
    } else if (event instanceof LatestFixed fixed) {
      change(next, fixed.shardId(), lease -> lease.fixedAt(fixed.position()));
    } else if (event instanceof LeasesAssigned assigned) {
      for (LeasesAssigned.Assigned lease : assigned.leases()) {
        change(next, lease.shardId(), old -> old.assigned(lease.owner(), lease.epoch()));
        epoch = Math.max(epoch, lease.epoch());
      }
    } else if (event instanceof HandOffsBegun begun) {
      for (HandOffsBegun.HandOff lease : begun.leases()) {
        change(next, lease.shardId(), old -> old.handingOffTo(lease.toWorkerId()));
      }
    } else if (event instanceof LeasesReleased released) {
      released.shardIds().forEach(shardId -> change(next, shardId, Lease::released));
    } else if (event instanceof CheckpointsWritten written) {
      for (Written checkpoint : written.checkpoints()) {
        change(
            next,
            checkpoint.shardId(),
            lease -> lease.checkpointed(checkpoint.position(), checkpoint.state()));
      }
    } else if (event instanceof CheckpointPrepared prepared) {
      Lease.Pending pending = new Lease.Pending(prepared.position(), prepared.state());
      change(next, prepared.shardId(), lease -> lease.prepared(pending));
    } else if (event instanceof LeasesRemoved removed) {
      removed.shardIds().forEach(next::remove);
    }
    return new CoordinatorState(binding, epoch, revision + 1, next);
  }

  private static void change(
      TreeMap<ShardId, Lease> leases, ShardId shardId, UnaryOperator<Lease> change) {
    leases.computeIfPresent(shardId, (same, lease) -> change.apply(lease));
  }
}
