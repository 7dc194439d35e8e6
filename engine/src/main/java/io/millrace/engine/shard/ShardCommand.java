package io.millrace.engine.shard;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.encryption.DataKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** What the gate asks of the persistent actor behind it, one command at a time. */
sealed interface ShardCommand {

  /** Makes the shard exist. Answered with {@link Ready} when that is durable, or was before. */
  record Open(
      ShardIdentity identity,
      long openedMillis,
      HashKeyRange range,
      ProducerWindows inherited,
      ActorRef<? super Ready> replyTo)
      implements ShardCommand {}

  /**
   * Stores these records as one event. The shard is open.
   *
   * @param key what to seal the event with; empty to store it in the clear
   */
  record Append(List<PutEntry> entries, Optional<DataKey> key, ActorRef<? super Committed> replyTo)
      implements ShardCommand {}

  /**
   * Moves the trim horizon; answered at once when it is there already and a snapshot holds it. The
   * shard is open.
   */
  record MoveHorizon(long event, ActorRef<? super Committed> replyTo) implements ShardCommand {}

  /**
   * Ends the shard; answered at once when it has ended. The shard is open or closed, and no record
   * waits.
   */
  record Close(ActorRef<? super Committed> replyTo) implements ShardCommand {}

  /** The shard has recovered, or has been opened, to this state. */
  record Ready(ShardState state) implements ShardMessage.Internal {}

  /**
   * An event is durable.
   *
   * @param frame the event, opened; null if there was nothing to write
   * @param state the state after it
   */
  record Committed(Frame frame, ShardState.Opened state) implements ShardMessage.Internal {}

  /**
   * A snapshot is stored, or could not be.
   *
   * @param event number of the newest event in it
   * @param stored whether it is stored
   */
  record SnapshotSettled(long event, boolean stored) implements ShardMessage.Internal {}
}
