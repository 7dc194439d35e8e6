package io.millrace.engine.shard;

import io.millrace.engine.model.EngineClock;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.shard.ShardCommand.SnapshotSettled;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.Trim;
import io.millrace.engine.shard.ShardMessage.TrimReply;
import io.millrace.engine.shard.ShardMessage.Trimmed;
import io.millrace.engine.tail.RecordTail;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a gate has its shard trimmed, one round at a time: find the oldest record that has not
 * expired; move the horizon there, by an event; wait for the snapshot that holds it; only then
 * delete what lies below. A crash between any two steps loses nothing, and the next round goes on.
 */
final class TrimDesk {

  private final ActorRef<ShardMessage> gate;
  private final EngineClock clock;
  private final Trimming trimming;
  private final List<ActorRef<TrimReply>> waiting = new ArrayList<>();

  /** Where the horizon is to go, until the gate takes it. */
  private OptionalLong wantedHorizon = OptionalLong.empty();

  /**
   * The event that the next snapshot must hold before anything is deleted; 0 when none is awaited.
   */
  private long awaitedSnapshot;

  private long horizonEvent;

  /** The newest event in a snapshot that is stored; 0 if none is known. */
  private long snapshotEvent;

  /** The newest event whose snapshot is stored or failed; often known before the event is. */
  private long settledEvent;

  /** Where the horizon belongs. */
  record HorizonFound(long event, Throwable failure) implements ShardMessage.Internal {}

  /** What lay below the horizon is gone. */
  record Freed(long events, Throwable failure) implements ShardMessage.Internal {}

  TrimDesk(ActorRef<ShardMessage> gate, ShardAddress address, ShardEnvironment environment) {
    this.gate = gate;
    this.clock = environment.clock();
    this.trimming =
        new Trimming(
            address.persistenceId(),
            environment.storage().trimmer(),
            environment.settings().trimStepEvents());
  }

  /** Starts a round, or joins the one under way. */
  void onTrim(Trim trim, RecordTail tail) {
    waiting.add(trim.replyTo());
    if (waiting.size() == 1) {
      tail.locate(clock.epochMillis() - trim.retentionMillis() + 1)
          .whenComplete(
              (counter, failure) ->
                  gate.tell(
                      failure == null
                          ? new HorizonFound(SequenceNumber.eventNumberOf(counter), null)
                          : new HorizonFound(0, failure)));
    }
  }

  void onHorizonFound(HorizonFound found) {
    if (found.failure() != null) {
      failed(Failed.reading(found.failure()));
    } else if (!waiting.isEmpty()) {
      wantedHorizon = OptionalLong.of(found.event());
    }
  }

  /** The horizon to write, if one waits; it waits no longer. */
  OptionalLong takeHorizon() {
    OptionalLong horizon = wantedHorizon;
    wantedHorizon = OptionalLong.empty();
    return horizon;
  }

  /**
   * The horizon is where it belongs.
   *
   * @param horizon the oldest event that may be read
   * @param writtenAs the event that moved it; 0 if it was there before
   */
  void onHorizonMoved(long horizon, long writtenAs) {
    horizonEvent = horizon;
    if (writtenAs > settledEvent) {
      awaitedSnapshot = writtenAs;
    } else {
      free();
    }
  }

  void onSnapshotSettled(SnapshotSettled settled) {
    settledEvent = Math.max(settledEvent, settled.event());
    if (settled.stored()) {
      snapshotEvent = Math.max(snapshotEvent, settled.event());
    }
    if (awaitedSnapshot > 0 && settled.event() >= awaitedSnapshot) {
      awaitedSnapshot = 0;
      free();
    }
  }

  private void free() {
    trimming
        .free(horizonEvent, snapshotEvent)
        .whenComplete(
            (events, failure) -> gate.tell(new Freed(failure == null ? events : 0, failure)));
  }

  void onFreed(Freed freed) {
    answer(freed.failure() == null ? new Trimmed(freed.events()) : Failed.reading(freed.failure()));
  }

  /** Ends the round under way; the next one starts over. */
  void failed(Failed failure) {
    answer(failure);
    wantedHorizon = OptionalLong.empty();
    awaitedSnapshot = 0;
  }

  private void answer(TrimReply reply) {
    waiting.forEach(replyTo -> replyTo.tell(reply));
    waiting.clear();
  }

  /** Deletes everything; the shard's actor has stopped. */
  CompletionStage<Long> erase() {
    return trimming.erase(0);
  }
}
