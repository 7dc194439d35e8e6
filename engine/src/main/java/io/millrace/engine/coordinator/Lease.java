package io.millrace.engine.coordinator;

import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import java.util.List;
import java.util.Optional;

/**
 * The claim on one shard, and how far it is finished.
 *
 * @param shardId the shard
 * @param parents the shards that have to be finished before, as far as they are leased
 * @param owner who has it; nobody before the first assignment, between two, and at shard end
 * @param epoch which assignment was the newest; 0 before the first. No two assignments of an
 *     application have the same.
 * @param checkpoint how far the shard is finished
 * @param state what was stored with a checkpoint
 * @param pending a checkpoint that was prepared
 * @param handOffTo the worker that gets it as soon as its owner gives it up
 * @param ownerSwitches assignments since the newest checkpoint: many of them hint at a record that
 *     no worker survives
 */
public record Lease(
    ShardId shardId,
    List<ShardId> parents,
    Optional<WorkerIdentity> owner,
    long epoch,
    CheckpointPosition checkpoint,
    Optional<Payload> state,
    Optional<Pending> pending,
    Optional<String> handOffTo,
    int ownerSwitches) {

  /**
   * A checkpoint that was prepared and not committed.
   *
   * @param position what it would finish
   * @param state what came with it
   */
  public record Pending(CheckpointPosition position, Payload state) {}

  public Lease {
    parents = List.copyOf(parents);
  }

  /** A lease that nobody has had yet. */
  static Lease fresh(ShardId shardId, List<ShardId> parents, CheckpointPosition checkpoint) {
    return new Lease(
        shardId,
        parents,
        Optional.empty(),
        0,
        checkpoint,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0);
  }

  // Questions.

  /** Whether the shard is finished. */
  public boolean isEnded() {
    return checkpoint.isShardEnd();
  }

  /** Whether this worker has it under this epoch. */
  boolean isHeldBy(WorkerIdentity worker, long ownEpoch) {
    return epoch == ownEpoch && owner.filter(worker::equals).isPresent();
  }

  /** Whether it is to go from its owner to another worker. */
  boolean isInHandOff() {
    return owner.isPresent() && handOffTo.isPresent();
  }

  /** The same, without what processors stored with it. */
  Lease withoutState() {
    return new Lease(
        shardId,
        parents,
        owner,
        epoch,
        checkpoint,
        Optional.empty(),
        Optional.empty(),
        handOffTo,
        ownerSwitches);
  }

  // Transitions.

  Lease assigned(WorkerIdentity worker, long newEpoch) {
    return new Lease(
        shardId,
        parents,
        Optional.of(worker),
        newEpoch,
        checkpoint,
        state,
        pending,
        Optional.empty(),
        ownerSwitches + 1);
  }

  Lease handingOffTo(String workerId) {
    return new Lease(
        shardId,
        parents,
        owner,
        epoch,
        checkpoint,
        state,
        pending,
        Optional.of(workerId),
        ownerSwitches);
  }

  /** Nobody has it; whom it was to go to is remembered. */
  Lease released() {
    return new Lease(
        shardId,
        parents,
        Optional.empty(),
        epoch,
        checkpoint,
        state,
        pending,
        handOffTo,
        ownerSwitches);
  }

  /** Begins at a number instead of LATEST. */
  Lease fixedAt(CheckpointPosition position) {
    return new Lease(
        shardId, parents, owner, epoch, position, state, pending, handOffTo, ownerSwitches);
  }

  Lease checkpointed(CheckpointPosition position, Optional<Payload> newState) {
    boolean ends = position.isShardEnd();
    return new Lease(
        shardId,
        parents,
        ends ? Optional.empty() : owner,
        epoch,
        position,
        newState.or(() -> state),
        Optional.empty(),
        ends ? Optional.empty() : handOffTo,
        0);
  }

  Lease prepared(Pending next) {
    return new Lease(
        shardId,
        parents,
        owner,
        epoch,
        checkpoint,
        state,
        Optional.of(next),
        handOffTo,
        ownerSwitches);
  }
}
