package io.millrace.engine.shard;

import io.millrace.engine.encryption.DataKey;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.shard.ShardCommand.Append;
import io.millrace.engine.shard.ShardCommand.Committed;
import io.millrace.engine.shard.ShardCommand.MoveHorizon;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The persistent actor behind a gate: handed one command at a time, of what waits at the desks, a
 * horizon before records, and records before the end of the shard. When it has failed it is started
 * again, with backoff.
 */
final class ShardWriter {

  /** Time to start the persistent actor again. */
  enum Restart implements ShardMessage.Internal {
    NOW
  }

  /**
   * Time to look whether the gather rule still waits.
   *
   * @param batch which is to be written next; once it is under way the look is stale
   */
  record Look(long batch) implements ShardMessage.Internal {}

  private final ActorContext<ShardMessage> gate;
  private final TimerScheduler<ShardMessage> timers;
  private final Behavior<ShardCommand> actor;
  private final RestartBackoff backoff;
  private final WriteDesk writeDesk;
  private final KeyDesk keyDesk;
  private final TrimDesk trimDesk;
  private final CloseDesk closeDesk;

  /** The persistent actor; null while it is down. */
  private ActorRef<ShardCommand> shard;

  /** Whether it has recovered and can take commands. */
  private boolean recovered;

  /** Whether a command is under way, or a batch waits for its key to become one. */
  private boolean busy;

  /** Whether that command closes the shard. */
  private boolean ending;

  /** How many batches have been taken for a write. */
  private long batches;

  /** The batch for which a look is on its way; -1 if there is none. */
  private long lookingFor = -1;

  ShardWriter(
      ActorContext<ShardMessage> gate,
      TimerScheduler<ShardMessage> timers,
      ShardAddress address,
      ShardEnvironment environment,
      WriteDesk writeDesk,
      TrimDesk trimDesk,
      CloseDesk closeDesk) {
    this.gate = gate;
    this.timers = timers;
    this.actor =
        ShardActor.create(
            address, environment.storage().plugin(), environment.clock(), gate.getSelf());
    this.backoff = new RestartBackoff(environment.settings());
    this.writeDesk = writeDesk;
    this.keyDesk = new KeyDesk(gate, address, environment.keys());
    this.trimDesk = trimDesk;
    this.closeDesk = closeDesk;
  }

  // the life of the persistent actor

  /** Starts the persistent actor, which then recovers. */
  void start() {
    shard = gate.spawnAnonymous(actor);
    gate.watch(shard);
  }

  /** The persistent actor can take commands from here on. */
  void recovered() {
    recovered = true;
    busy = false;
    backoff.reset();
  }

  /** The persistent actor has stopped, whatever it was doing. */
  void stopped() {
    shard = null;
    recovered = false;
    busy = false;
    ending = false;
  }

  /** Starts it again after a while, longer each time; says how long. */
  Duration startAgain() {
    Duration pause = backoff.take();
    timers.startSingleTimer(Restart.NOW, pause);
    return pause;
  }

  /** Stops it for good; false when it is down already, and stays so. */
  boolean stop() {
    timers.cancel(Restart.NOW);
    if (shard != null) {
      gate.stop(shard);
    }
    return shard != null;
  }

  /** Whether the persistent actor is neither recovering nor taking commands. */
  boolean isDown() {
    return shard == null;
  }

  /** Whether the persistent actor can take commands. */
  boolean isRecovered() {
    return recovered;
  }

  // its commands

  /** Makes the shard exist, unless that is under way. */
  void open(ShardCommand.Open command) {
    if (!busy) {
      busy = true;
      shard.tell(command);
    }
  }

  /**
   * Starts the next command, if none is under way and something waits.
   *
   * @param state what the shard is
   * @return false when there is nothing to write, and nothing under way
   */
  boolean next(ShardState state) {
    if (!recovered || busy) {
      return true;
    }
    if (!(state instanceof ShardState.Opened opened)) {
      return false;
    }
    OptionalLong horizon = trimDesk.takeHorizon();
    if (horizon.isPresent()) {
      busy = true;
      shard.tell(new MoveHorizon(horizon.getAsLong(), gate.getSelf()));
      return true;
    }
    if (!writeDesk.isEmpty()) {
      return writeDesk.waitsForMore() ? lookAgain() : nextBatch(opened);
    }
    if (closeDesk.isClosing()) {
      busy = true;
      ending = true;
      shard.tell(new ShardCommand.Close(gate.getSelf()));
      return true;
    }
    return false;
  }

  private boolean lookAgain() {
    if (lookingFor != batches) {
      lookingFor = batches;
      ActorRef<ShardMessage> self = gate.getSelf();
      Look look = new Look(batches);
      long nanos = writeDesk.nanosToNextLook();
      if (nanos == 0) {
        self.tell(look);
      } else {
        // The ticks of the actor system's own timers are longer than most writes.
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run)
            .execute(() -> self.tell(look));
      }
    }
    return true;
  }

  /** A look has come; it is followed by a call of {@link #next}. */
  void looked(Look look) {
    if (look.batch() == lookingFor) {
      lookingFor = -1;
      writeDesk.looked();
    }
  }

  private boolean nextBatch(ShardState.Opened state) {
    batches++;
    List<PutEntry> batch = writeDesk.nextBatch(state.producers());
    if (batch.isEmpty()) {
      return next(state);
    }
    busy = true;
    Optional<KeyId> masterKey = writeDesk.key();
    if (masterKey.isEmpty()) {
      append(batch, Optional.empty());
      return true;
    }
    Optional<DataKey> key = keyDesk.find(masterKey.get(), batch);
    if (key.isPresent()) {
      append(batch, key);
    }
    return true;
  }

  private void append(List<PutEntry> batch, Optional<DataKey> key) {
    writeDesk.started();
    shard.tell(new Append(batch, key, gate.getSelf()));
  }

  /** The batch that waited for its key goes on, or nothing under that key is written. */
  void keySettled(KeyDesk.Settled settled) {
    if (!keyDesk.take(settled)) {
      return;
    }
    if (!settled.isRefused()) {
      append(settled.entries(), Optional.of(settled.key()));
      return;
    }
    busy = false;
    KeyRefused refused = settled.refusal();
    writeDesk.giveUpWriting(refused);
    writeDesk.giveUpWaitingFor(settled.masterKey(), refused);
  }

  /** The command that was under way is durable, and readable where it wrote records. */
  void committed(Committed committed) {
    busy = false;
    if (writeDesk.isWriting()) {
      writeDesk.written(committed.frame(), committed.state().identity());
    } else if (ending) {
      ending = false;
      closeDesk.closed(committed.state());
    } else {
      trimDesk.onHorizonMoved(
          committed.state().horizonEvent(),
          committed.frame() == null ? 0 : committed.frame().header().eventNumber());
    }
  }

  /**
   * The batch under way, if there is one, ends without an answer from the persistent actor.
   *
   * @param outcome of its records, unless it still waits for its key and was never handed on
   */
  void giveUp(PutOutcome outcome) {
    writeDesk.giveUpWriting(
        keyDesk.giveUp() ? new NotWritten("the storage does not answer") : outcome);
  }
}
