package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten.Written;
import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun;
import io.millrace.engine.coordinator.CoordinatorEvent.LatestFixed;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned.Assigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.SimulatedStream.Put;
import io.millrace.engine.coordinator.SimulatedStream.Shard;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Holds a simulated coordinator and its workers to what they promise, after every step: an epoch
 * has one owner and one shard; whoever is there has the whole hand-off timeout to give a lease up;
 * a child is leased, and assigned, once its parents are processed; a checkpoint never goes back, is
 * written only for the newest epoch, and everything up to it has been processed; whoever is told
 * that a checkpoint is stored finds it stored; records of one key are first processed in their
 * order. Fails with an {@code AssertionError} that names the time.
 */
final class CoordinatorReferee {

  private static final long HAND_OFF_MILLIS =
      SimulatedCoordinator.SETTINGS.handOffTimeout().toMillis();

  private final SimulatedStream stream;
  private final CheckpointPosition initialPosition;
  private final LongSupplier clock;

  private final Map<Long, Assigned> epochs = new HashMap<>();
  private final Map<ShardId, Long> fences = new HashMap<>();
  private final Map<ShardId, Long> handOffs = new HashMap<>();
  private final Set<Put> processed = new HashSet<>();
  private final Set<Put> unwanted = new HashSet<>();

  /**
   * @param clock milliseconds since the simulation began
   */
  CoordinatorReferee(
      SimulatedStream stream, CheckpointPosition initialPosition, LongSupplier clock) {
    this.stream = stream;
    this.initialPosition = initialPosition;
    this.clock = clock;
  }

  /** Nobody has to process these; those after them come first now. */
  void unwanted(List<Put> records) {
    unwanted.addAll(records);
  }

  /** The coordinator has made an event of its state before. */
  void watch(CoordinatorState before, CoordinatorEvent event, Predicate<WorkerIdentity> isPresent) {
    if (event instanceof LeasesAssigned assigned) {
      for (Assigned lease : assigned.leases()) {
        check(epochs.put(lease.epoch(), lease) == null, "an epoch twice: " + lease);
        long earlier = fences.getOrDefault(lease.shardId(), 0L);
        check(lease.epoch() > earlier, "an epoch that does not rise: " + lease);
        fences.put(lease.shardId(), lease.epoch());
        checkHandOff(before.lease(lease.shardId()).orElseThrow(), isPresent);
        checkParents(lease.shardId());
      }
    } else if (event instanceof LeasesCreated created) {
      created.leases().forEach(lease -> checkParents(lease.shardId()));
    } else if (event instanceof HandOffsBegun begun) {
      begun.leases().forEach(lease -> handOffs.put(lease.shardId(), clock.getAsLong()));
    } else if (event instanceof CheckpointsWritten written) {
      written.checkpoints().forEach(checkpoint -> watch(before, checkpoint));
    } else if (event instanceof LatestFixed fixed) {
      Shard shard = stream.shards.get(fixed.shardId());
      unwanted(shard.records.subList(0, shard.firstAfter(fixed.position())));
    }
    if (event instanceof CoordinatorEvent.ApplicationBound
        && initialPosition.equals(CheckpointPosition.LATEST)) {
      stream.shards.values().stream()
          .filter(shard -> !shard.isOpen())
          .forEach(shard -> unwanted(shard.records));
    }
  }

  /** Who is there, and has been asked to give a lease up, has time to do so. */
  private void checkHandOff(Lease lease, Predicate<WorkerIdentity> isPresent) {
    if (lease.owner().filter(isPresent).isPresent()) {
      check(lease.isInHandOff(), "a lease is taken from who is there: " + lease);
      check(
          clock.getAsLong() - handOffs.get(lease.shardId()) >= HAND_OFF_MILLIS,
          "a lease is taken before the hand-off timeout: " + lease);
    }
  }

  private void checkParents(ShardId child) {
    for (ShardId parent : stream.shards.get(child).parents) {
      Shard before = stream.shards.get(parent);
      int settled = before.settled(this::isSettled);
      check(
          settled == before.records.size(),
          () ->
              "%s before its parent %s: %s".formatted(child, parent, before.records.get(settled)));
    }
  }

  private void watch(CoordinatorState before, Written written) {
    Lease lease = before.lease(written.shardId()).orElseThrow();
    check(written.position().compareTo(lease.checkpoint()) >= 0, "a checkpoint that goes back");
    check(lease.owner().isPresent(), "a checkpoint without an owner");
    check(lease.epoch() == fences.get(written.shardId()), "a checkpoint of a stale epoch");
    Shard shard = stream.shards.get(written.shardId());
    int end =
        written.position().isShardEnd()
            ? shard.records.size()
            : shard.firstAfter(written.position());
    for (int i = shard.settled(this::isSettled); i < end; i++) {
      Put record = shard.records.get(i);
      check(
          isSettled(record),
          () -> "a checkpoint beyond what was processed: " + written + ", " + record);
    }
  }

  /** A worker has been told that its checkpoint is stored; this is the state. */
  void onTold(WorkerIdentity worker, Checkpoint checkpoint, CoordinatorState state) {
    Lease lease = state.leases().get(checkpoint.shardId());
    check(
        lease == null || lease.checkpoint().compareTo(checkpoint.position()) >= 0,
        "told of a checkpoint that is not stored: " + checkpoint);
    Assigned owner = epochs.get(checkpoint.epoch());
    check(
        owner.owner().equals(worker) && owner.shardId().equals(checkpoint.shardId()),
        "told of a checkpoint of another owner: " + checkpoint);
  }

  /** A worker has processed a record, perhaps again. */
  void onProcessed(Shard shard, Put record) {
    if (!processed.add(record) || unwanted.contains(record)) {
      return;
    }
    for (Put earlier : earlierOf(record)) {
      check(isSettled(earlier), () -> "%s of %s before %s".formatted(record, shard.id, earlier));
    }
  }

  private List<Put> earlierOf(Put record) {
    List<Put> earlier = new ArrayList<>();
    for (Shard shard : stream.shards.values()) {
      for (Put other : shard.records) {
        if (other.key() == record.key() && other.ordinal() < record.ordinal()) {
          earlier.add(other);
        }
      }
    }
    return earlier;
  }

  /** What is still to be processed. */
  List<Put> left() {
    return stream.shards.values().stream()
        .flatMap(shard -> shard.records.stream())
        .filter(record -> !isSettled(record))
        .toList();
  }

  /** Whether nobody has to process anything any more. */
  boolean isAllSettled() {
    return stream.shards.values().stream().allMatch(this::isSettled);
  }

  private boolean isSettled(Shard shard) {
    return shard.settled(this::isSettled) == shard.records.size();
  }

  /** Whether nobody has to process it any more. */
  private boolean isSettled(Put record) {
    return processed.contains(record) || unwanted.contains(record);
  }

  void check(boolean holds, String message) {
    check(holds, () -> message);
  }

  void check(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new AssertionError(message.get() + " at " + clock.getAsLong() + " ms");
    }
  }
}
