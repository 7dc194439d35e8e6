package io.millrace.engine.coordinator;

import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.List;
import java.util.Optional;

/** What happened to an application. All exist since version 0.1. */
public sealed interface CoordinatorEvent {

  /**
   * The application consumes this stream from now on, and has no leases yet.
   *
   * @param stream its name
   * @param incarnation which life of the name
   * @param initialPosition where it begins: TRIM_HORIZON, LATEST or AT_TIMESTAMP
   */
  record ApplicationBound(StreamName stream, long incarnation, CheckpointPosition initialPosition)
      implements CoordinatorEvent {}

  /** Shards can be leased, or will be when their parents are finished. */
  record LeasesCreated(List<Created> leases) implements CoordinatorEvent {

    /**
     * One of them.
     *
     * @param parents the shards that come before it, leased or not
     * @param checkpoint where it begins
     */
    record Created(ShardId shardId, List<ShardId> parents, CheckpointPosition checkpoint) {

      public Created {
        parents = List.copyOf(parents);
      }
    }

    public LeasesCreated {
      leases = List.copyOf(leases);
    }
  }

  /**
   * What LATEST meant when the lease was created: it begins after this number, whenever somebody
   * begins.
   */
  record LatestFixed(ShardId shardId, CheckpointPosition position) implements CoordinatorEvent {}

  /** Leases have these owners from now on; whoever had one before is fenced. */
  record LeasesAssigned(List<Assigned> leases) implements CoordinatorEvent {

    /**
     * One of them.
     *
     * @param epoch above every earlier one of the application
     */
    record Assigned(ShardId shardId, WorkerIdentity owner, long epoch) {}

    public LeasesAssigned {
      leases = List.copyOf(leases);
    }
  }

  /** Leases are to go to other workers as soon as their owners have finished what runs. */
  record HandOffsBegun(List<HandOff> leases) implements CoordinatorEvent {

    /** One of them. */
    record HandOff(ShardId shardId, String toWorkerId) {}

    public HandOffsBegun {
      leases = List.copyOf(leases);
    }
  }

  /** Nobody has these leases any more. */
  record LeasesReleased(List<ShardId> shardIds, Cause cause) implements CoordinatorEvent {

    /** Why a lease is free. */
    enum Cause {
      /** Its owner gave it up. */
      GIVEN_UP,
      /** Its owner made no progress. */
      STALLED,
      /** The stream is deleted. */
      STREAM_GONE
    }

    public LeasesReleased {
      shardIds = List.copyOf(shardIds);
    }
  }

  /** Shards are finished so far. What was pending is forgotten. */
  record CheckpointsWritten(List<Written> checkpoints) implements CoordinatorEvent {

    /**
     * One of them.
     *
     * @param state stored with it; empty leaves what there is
     */
    record Written(ShardId shardId, CheckpointPosition position, Optional<Payload> state) {}

    public CheckpointsWritten {
      checkpoints = List.copyOf(checkpoints);
    }
  }

  /** A checkpoint is announced; the one there is stands. */
  record CheckpointPrepared(ShardId shardId, CheckpointPosition position, Payload state)
      implements CoordinatorEvent {}

  /** These leases are of no use any more. */
  record LeasesRemoved(List<ShardId> shardIds) implements CoordinatorEvent {

    public LeasesRemoved {
      shardIds = List.copyOf(shardIds);
    }
  }

  /** The application is forgotten, but for the epochs that were given. */
  record ApplicationDeleted() implements CoordinatorEvent {}
}
