package io.millrace.engine.coordinator;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an application's coordinator can be told, in the order of a worker's life. Every message and
 * reply here may cross to another node, and has a serializer bound to {@link Wire}; each may be
 * lost, and bears being repeated.
 */
public sealed interface CoordinatorMessage {

  /** Everything that may cross to another node. */
  interface Wire {}

  /** What a coordinator tells itself; never leaves its node. */
  sealed interface Internal extends CoordinatorMessage permits CoordinatorInternal {}

  /**
   * A worker is there, and keeps its leases for another failover period. The first one makes it a
   * worker of the application.
   *
   * @param worker who
   * @param stream what it believes that the application consumes
   * @param initialPosition where the application begins if it has no leases yet
   * @param maxLeases how many leases it takes at most; 0 when it wants no further one
   * @param beat counts the worker's heartbeats
   * @param replyTo told {@link Orders} now and whenever they change, or {@link TurnedAway}
   */
  record Heartbeat(
      WorkerIdentity worker,
      StreamName stream,
      CheckpointPosition initialPosition,
      int maxLeases,
      long beat,
      ActorRef<HeartbeatReply> replyTo)
      implements CoordinatorMessage, Wire {}

  /** The answer to {@link Heartbeat}. */
  sealed interface HeartbeatReply extends Wire permits Orders, TurnedAway {}

  /**
   * All the leases that the worker has. Those it does not name it has not.
   *
   * @param revision orders of a greater revision are newer
   * @param beat the newest heartbeat that was heard
   */
  record Orders(long revision, long beat, List<Grant> grants) implements HeartbeatReply {

    public Orders {
      grants = List.copyOf(grants);
    }
  }

  /**
   * A lease that the worker has.
   *
   * @param epoch under which it has it
   * @param isToDrain whether it is to finish what runs and give the lease up
   */
  record Grant(ShardId shardId, long epoch, boolean isToDrain) {}

  /**
   * It is none of the application's workers, or not any more.
   *
   * @param reason why
   * @param message one sentence for people
   */
  record TurnedAway(Reason reason, String message) implements HeartbeatReply {

    /** Why a worker is turned away. Trying again helps when the reason has gone. */
    public enum Reason {
      /** There is no such stream any more, or there never was. */
      NO_STREAM,
      /** The application consumes another stream, or an earlier one of this name. */
      OTHER_STREAM,
      /** Another worker has its id. */
      NAMESAKE,
      /** The initial position lies in the future. */
      INVALID
    }
  }

  /**
   * A worker begins with a lease, or begins again.
   *
   * @param replyTo told {@link Start} or {@link Refused}
   */
  record Claim(WorkerIdentity worker, ShardId shardId, long epoch, ActorRef<ClaimReply> replyTo)
      implements CoordinatorMessage, Wire {}

  /** The answer to {@link Claim}. */
  sealed interface ClaimReply extends Wire permits Start, Refused {}

  /**
   * Where to begin.
   *
   * @param checkpoint what is finished
   * @param state what was stored with it
   * @param pending a checkpoint that was prepared
   */
  record Start(
      CheckpointPosition checkpoint, Optional<Payload> state, Optional<Lease.Pending> pending)
      implements ClaimReply {}

  /**
   * What a worker has finished of its shards: checkpoints of one shard stand in their order.
   *
   * @param replyTo told {@link Judged} once what is not refused is durable
   */
  record Checkpoints(WorkerIdentity worker, List<Checkpoint> checkpoints, ActorRef<Judged> replyTo)
      implements CoordinatorMessage, Wire {

    public Checkpoints {
      checkpoints = List.copyOf(checkpoints);
    }

    /** What is stored with them, bytes. */
    long stateBytes() {
      return checkpoints.stream().mapToLong(Checkpoint::stateBytes).sum();
    }
  }

  /**
   * So much of a shard is finished.
   *
   * @param state stored with it; empty leaves what there is
   */
  record Checkpoint(
      ShardId shardId, long epoch, CheckpointPosition position, Optional<Payload> state) {

    /** What is stored with it, bytes. */
    public int stateBytes() {
      return state.map(Payload::size).orElse(0);
    }
  }

  /**
   * The answer to {@link Checkpoints}.
   *
   * @param replies one per checkpoint, in their order
   */
  record Judged(List<Reply> replies) implements Wire {

    public Judged {
      replies = List.copyOf(replies);
    }
  }

  /**
   * So much of a shard is about to be finished.
   *
   * @param replyTo told {@link Done} once it is durable, or {@link Refused}
   */
  record Prepare(
      WorkerIdentity worker,
      ShardId shardId,
      long epoch,
      CheckpointPosition position,
      Payload state,
      ActorRef<Reply> replyTo)
      implements CoordinatorMessage, Wire {}

  /** A worker has stopped working on a shard. */
  record Release(WorkerIdentity worker, ShardId shardId, long epoch)
      implements CoordinatorMessage, Wire {}

  /**
   * A worker stops, and gives up whatever it has.
   *
   * @param replyTo told {@link Done} once that is durable
   */
  record Leave(WorkerIdentity worker, ActorRef<Reply> replyTo)
      implements CoordinatorMessage, Wire {}

  /**
   * Asks how the application stands.
   *
   * @param replyTo told {@link Standing}
   */
  record Describe(ActorRef<Standing> replyTo) implements CoordinatorMessage, Wire {}

  /**
   * How an application stands.
   *
   * @param binding what it consumes; empty when nobody has worked for it
   * @param leases its leases, by shard, without what is stored with them
   * @param workerIds its workers
   */
  record Standing(
      Optional<CoordinatorState.Binding> binding, List<Lease> leases, List<String> workerIds)
      implements Wire {

    public Standing {
      leases = List.copyOf(leases);
      workerIds = List.copyOf(workerIds);
    }
  }

  /**
   * Forgets all checkpoints and begins again, with the stream that has the name now.
   *
   * @param position TRIM_HORIZON, LATEST or AT_TIMESTAMP
   * @param replyTo told {@link Done} once it is durable, or {@link Refused}: the application has
   *     workers, or nothing to reset
   */
  record Reset(CheckpointPosition position, ActorRef<Reply> replyTo)
      implements CoordinatorMessage, Wire {}

  /**
   * Forgets the application.
   *
   * @param replyTo told {@link Done} once it is durable, or {@link Refused}: it has workers
   */
  record Delete(ActorRef<Reply> replyTo) implements CoordinatorMessage, Wire {}

  /** Whether something was done. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Done.class, name = "done"),
    @JsonSubTypes.Type(value = Refused.class, name = "refused")
  })
  sealed interface Reply extends Wire permits Done, Refused {}

  /** It is durable. */
  record Done() implements Reply {}

  /**
   * It was not done or, for {@link Kind#UNKNOWN} alone, perhaps done.
   *
   * @param kind what that means for the caller
   * @param message one sentence for people
   */
  record Refused(Kind kind, String message) implements Reply, ClaimReply {

    /** What a refusal means for the caller. */
    public enum Kind {
      /** The lease is gone, and with it the right to do it. */
      LEASE_LOST,
      /** A value is out of bounds. Trying again does not help. */
      INVALID,
      /** The application has workers. */
      IN_USE,
      /** There is no such stream, or no such application. */
      NOT_FOUND,
      /** Certainly not done. Trying again helps. */
      UNAVAILABLE,
      /** Perhaps done: the storage failed while it was written. Trying again is safe. */
      UNKNOWN
    }

    static Optional<Refused> because(Kind kind, String message) {
      return Optional.of(new Refused(kind, message));
    }
  }
}
