package io.millrace.engine.shard;

import io.millrace.engine.encryption.DataKey;
import io.millrace.engine.encryption.Opener;
import io.millrace.engine.keys.KeyStoreException;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.shard.ShardCommand.Append;
import io.millrace.engine.shard.ShardCommand.Committed;
import io.millrace.engine.shard.ShardCommand.MoveHorizon;
import io.millrace.engine.shard.ShardCommand.Ready;
import io.millrace.engine.shard.ShardCommand.SnapshotSettled;
import io.millrace.engine.shard.ShardMessage.AttachTail;
import io.millrace.engine.shard.ShardMessage.Attached;
import io.millrace.engine.shard.ShardMessage.Close;
import io.millrace.engine.shard.ShardMessage.Erase;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.KeyRefused;
import io.millrace.engine.shard.ShardMessage.LocateLatest;
import io.millrace.engine.shard.ShardMessage.LocateTime;
import io.millrace.engine.shard.ShardMessage.Located;
import io.millrace.engine.shard.ShardMessage.Moved;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.Open;
import io.millrace.engine.shard.ShardMessage.OpenReply;
import io.millrace.engine.shard.ShardMessage.Opened;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.Refused;
import io.millrace.engine.shard.ShardMessage.ReportTraffic;
import io.millrace.engine.shard.ShardMessage.Trim;
import io.millrace.engine.shard.ShardMessage.Unknown;
import io.millrace.engine.tail.ShardTail;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The door of one shard, always responsive: it admits or refuses at once, gathers puts while a
 * write is under way, hands the persistent actor one command at a time, publishes what is durable
 * to the tail and answers who waits. Reads never touch the persistent actor.
 *
 * <p>When a write fails the persistent actor stops. Whoever was in that write is told
 * <em>unknown</em>, unless the storage proves that nothing was written; whoever waited behind it is
 * told <em>not written</em>; and the actor is started again, with backoff, for recovery to find
 * out. Reads go on meanwhile from what was published.
 */
final class ShardGate extends AbstractBehavior<ShardMessage> {

  private static final int STASHED_MESSAGES = 1000;

  private enum Internal implements ShardMessage.Internal {
    /** One turn through the mailbox, while the gather rule waits. */
    TURN,
    /** Start the persistent actor again. */
    RESTART
  }

  /** Stops taking puts, finishes those that wait, then stops. */
  enum Drain implements ShardMessage.Internal {
    NOW
  }

  /** Whoever keeps the gate sends nothing after this. */
  enum Leave implements ShardMessage.Internal {
    NOW
  }

  private final ShardAddress address;
  private final ShardEnvironment environment;
  private final ActorRef<LocalShards.Command> keeper;
  private final TimerScheduler<ShardMessage> timers;
  private final StashBuffer<ShardMessage> untilRecovered;
  private final WriteDesk writeDesk;
  private final ReadDesk readDesk;
  private final TrimDesk trimDesk;
  private final CloseDesk closeDesk = new CloseDesk();
  private final List<ActorRef<OpenReply>> opening = new ArrayList<>();
  private final List<Erase> erasing = new ArrayList<>();

  /** The persistent actor; null while it is down. */
  private ActorRef<ShardCommand> shard;

  /** What the shard was when last heard of; null until it has recovered once. */
  private ShardState state;

  /** Readers' side; null until the shard has recovered and is open. */
  private ShardTail tail;

  /** Whether the persistent actor has recovered and can take commands. */
  private boolean recovered;

  /** Whether a command is under way. */
  private boolean busy;

  /** The batch of that command, while it waits for its key and nothing is under way yet. */
  private SealingBatch sealing;

  /** Whether that command closes the shard. */
  private boolean ending;

  /** Whether a turn through the mailbox is under way. */
  private boolean turning;

  /** Why the persistent actor is down, as callers are told. */
  private Failed outage = new Failed(Failed.Kind.UNAVAILABLE, "the shard is recovering");

  private boolean draining;
  private Duration backoff;

  /**
   * The gate of a shard.
   *
   * @param keeper told {@link LocalShards.GateLeaves} when the gate has come to its end, and
   *     answers with {@link Leave}
   */
  static Behavior<ShardMessage> create(
      ShardAddress address, ShardEnvironment environment, ActorRef<LocalShards.Command> keeper) {
    return Behaviors.withStash(
        STASHED_MESSAGES,
        stash ->
            Behaviors.withTimers(
                timers ->
                    Behaviors.setup(
                        context ->
                            new ShardGate(context, timers, stash, address, environment, keeper))));
  }

  private ShardGate(
      ActorContext<ShardMessage> context,
      TimerScheduler<ShardMessage> timers,
      StashBuffer<ShardMessage> untilRecovered,
      ShardAddress address,
      ShardEnvironment environment,
      ActorRef<LocalShards.Command> keeper) {
    super(context);
    this.keeper = keeper;
    this.timers = timers;
    this.untilRecovered = untilRecovered;
    this.address = address;
    this.environment = environment;
    ShardSettings settings = environment.settings();
    this.writeDesk = new WriteDesk(address, environment);
    this.readDesk = new ReadDesk(context.getSelf(), address, environment);
    this.trimDesk = new TrimDesk(context.getSelf(), address, environment);
    this.backoff = settings.restartBackoff();
    start();
  }

  @Override
  public Receive<ShardMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Put.class, this::onPut)
        .onMessage(KeySettled.class, this::onKeySettled)
        .onMessage(Committed.class, this::onCommitted)
        .onMessageEquals(Internal.TURN, this::onTurn)
        .onMessage(Read.class, this::onRead)
        .onMessage(ReadDesk.Finished.class, this::onReadFinished)
        .onMessage(LocateLatest.class, this::onLocateLatest)
        .onMessage(LocateTime.class, this::onLocateTime)
        .onMessage(AttachTail.class, this::onAttachTail)
        .onMessage(Open.class, this::onOpen)
        .onMessage(Close.class, this::onClose)
        .onMessage(ReportTraffic.class, this::onReportTraffic)
        .onMessage(Ready.class, this::onReady)
        .onMessageEquals(Internal.RESTART, this::onRestart)
        .onMessage(Trim.class, this::onTrim)
        .onMessage(TrimDesk.HorizonFound.class, this::onHorizonFound)
        .onMessage(TrimDesk.Freed.class, this::onFreed)
        .onMessage(SnapshotSettled.class, this::onSnapshotSettled)
        .onMessage(Erase.class, this::onErase)
        .onMessage(EraseFinished.class, this::onEraseFinished)
        .onMessageEquals(Drain.NOW, this::onDrain)
        .onSignal(ChildFailed.class, failed -> onShardStopped(failed.cause()))
        .onSignal(Terminated.class, stopped -> onShardStopped(null))
        .build();
  }

  // puts

  private Behavior<ShardMessage> onPut(Put put) {
    if (put.orderingCounter().isPresent() && isUnheardOf()) {
      return stash(put);
    }
    PutOutcome refusal = refusal(put);
    if (refusal == null) {
      writeDesk.admit(put);
    } else {
      writeDesk.refuse(put, refusal);
    }
    return write();
  }

  /** Why the shard takes no record of this put now; null if it does. */
  private PutOutcome refusal(Put put) {
    if (draining) {
      return new NotWritten("the engine is closing");
    }
    if (shard == null) {
      return new NotWritten("the storage does not answer");
    }
    if (state instanceof ShardState.Unopened || !erasing.isEmpty()) {
      return new NotWritten("there is no such shard");
    }
    if (closeDesk.isClosing() || isClosed()) {
      return new Moved();
    }
    if (put.orderingCounter().isEmpty()) {
      return null;
    }
    if (state == null) {
      return new NotWritten("the shard is recovering");
    }
    return put.orderingCounter().getAsLong() < tail.state().latestCounter()
        ? null
        : new Refused("the sequence number for ordering lies in the future");
  }

  private boolean isClosed() {
    return state instanceof ShardState.Opened opened && opened.isClosed();
  }

  private Behavior<ShardMessage> onReportTraffic(ReportTraffic report) {
    report.replyTo().tell(writeDesk.takeTraffic());
    return this;
  }

  private Behavior<ShardMessage> onTurn() {
    turning = false;
    return write();
  }

  /** Starts the next write, if nothing is under way and something waits. */
  private Behavior<ShardMessage> write() {
    if (!recovered || busy) {
      return this;
    }
    if (!(state instanceof ShardState.Opened opened)) {
      return draining ? stopped() : this;
    }
    OptionalLong horizon = trimDesk.takeHorizon();
    if (horizon.isPresent()) {
      busy = true;
      shard.tell(new MoveHorizon(horizon.getAsLong(), getContext().getSelf()));
    } else if (!writeDesk.isEmpty() && writeDesk.waitsForMore()) {
      if (!turning) {
        turning = true;
        getContext().getSelf().tell(Internal.TURN);
      }
    } else if (!writeDesk.isEmpty()) {
      List<PutEntry> batch = writeDesk.nextBatch(opened.producers());
      if (batch.isEmpty()) {
        return write();
      }
      busy = true;
      append(batch);
    } else if (closeDesk.isClosing()) {
      busy = true;
      ending = true;
      shard.tell(new ShardCommand.Close(getContext().getSelf()));
    } else if (draining) {
      return stopped();
    }
    return this;
  }

  /** Hands a batch on, once there is a key to seal it with. */
  private void append(List<PutEntry> batch) {
    Optional<KeyId> masterKey = writeDesk.key();
    if (masterKey.isEmpty()) {
      append(batch, Optional.empty());
      return;
    }
    CompletableFuture<DataKey> key =
        environment.keys().toSeal(masterKey.get(), address.streamLife()).toCompletableFuture();
    if (key.isDone() && !key.isCompletedExceptionally()) {
      append(batch, Optional.of(key.join()));
      return;
    }
    SealingBatch waiting = new SealingBatch(masterKey.get(), batch);
    sealing = waiting;
    getContext().pipeToSelf(key, (found, failure) -> new KeySettled(waiting, found, failure));
  }

  private void append(List<PutEntry> batch, Optional<DataKey> key) {
    writeDesk.started();
    shard.tell(new Append(batch, key, getContext().getSelf()));
  }

  /** A batch that waits for its key; told from others by its identity. */
  private static final class SealingBatch {

    private final KeyId masterKey;
    private final List<PutEntry> entries;

    SealingBatch(KeyId masterKey, List<PutEntry> entries) {
      this.masterKey = masterKey;
      this.entries = entries;
    }
  }

  /** The key of a batch is there, or not to be had. */
  private record KeySettled(SealingBatch batch, DataKey key, Throwable failure)
      implements ShardMessage.Internal {}

  private Behavior<ShardMessage> onKeySettled(KeySettled settled) {
    if (settled.batch() != sealing) {
      return this;
    }
    sealing = null;
    if (settled.failure() == null) {
      append(settled.batch().entries, Optional.of(settled.key()));
      return this;
    }
    busy = false;
    KeyStoreException why = KeyStoreException.within(settled.failure()).orElseThrow();
    PutOutcome refused = new KeyRefused(why.reason(), why.getMessage());
    writeDesk.giveUpWriting(refused);
    writeDesk.giveUpWaitingFor(settled.batch().masterKey, refused);
    return write();
  }

  private Behavior<ShardMessage> onCommitted(Committed committed) {
    busy = false;
    state = committed.state();
    if (committed.frame() != null) {
      tail.publish(committed.frame(), committed.state().tailState());
    }
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
    return write();
  }

  // reads

  private Behavior<ShardMessage> onRead(Read read) {
    if (isUnheardOf()) {
      return stash(read);
    }
    if (tail == null) {
      read.replyTo().tell(absent());
    } else {
      readDesk.onRead(read, tail);
    }
    return this;
  }

  private Behavior<ShardMessage> onReadFinished(ReadDesk.Finished finished) {
    readDesk.onFinished(finished, tail);
    return this;
  }

  private Behavior<ShardMessage> onLocateLatest(LocateLatest locate) {
    if (isUnheardOf()) {
      return stash(locate);
    }
    locate.replyTo().tell(tail == null ? absent() : new Located(tail.state().latestCounter()));
    return this;
  }

  private Behavior<ShardMessage> onLocateTime(LocateTime locate) {
    if (isUnheardOf()) {
      return stash(locate);
    }
    if (tail == null) {
      locate.replyTo().tell(absent());
    } else {
      tail.locate(locate.epochMillis())
          .whenComplete(
              (counter, failure) ->
                  locate
                      .replyTo()
                      .tell(failure == null ? new Located(counter) : Failed.reading(failure)));
    }
    return this;
  }

  private Behavior<ShardMessage> onAttachTail(AttachTail attach) {
    if (isUnheardOf()) {
      return stash(attach);
    }
    attach.replyTo().tell(tail == null ? absent() : new Attached(tail));
    return this;
  }

  /** Why there is no tail. */
  private Failed absent() {
    if (!erasing.isEmpty()) {
      return Dismissal.erased(address).why();
    }
    if (state == null) {
      return outage;
    }
    return ((ShardState.Unopened) state).isDamaged()
        ? new Failed(Failed.Kind.CORRUPT, "the event that opened shard " + address + " is damaged")
        : new Failed(Failed.Kind.NOT_THERE, "there is no shard " + address);
  }

  // opening, recovery, failure

  private Behavior<ShardMessage> onOpen(Open open) {
    if (isUnheardOf()) {
      return stash(open);
    }
    if (state instanceof ShardState.Opened) {
      open.replyTo().tell(new Opened());
    } else if (!recovered) {
      open.replyTo().tell(outage);
    } else if (((ShardState.Unopened) state).isDamaged()) {
      open.replyTo().tell(absent());
    } else {
      opening.add(open.replyTo());
      if (!busy) {
        busy = true;
        shard.tell(
            new ShardCommand.Open(
                new ShardIdentity(open.createdSeconds(), address.shardId().index()),
                open.openedMillis(),
                open.range(),
                ProducerWindowsFormat.read(open.inherited()),
                getContext().getSelf()));
      }
    }
    return this;
  }

  private Behavior<ShardMessage> onClose(Close close) {
    if (isUnheardOf()) {
      return stash(close);
    }
    if (tail == null) {
      close.replyTo().tell(absent());
      return this;
    }
    if (!recovered) {
      close.replyTo().tell(outage);
      return this;
    }
    closeDesk.add(close.replyTo());
    return write();
  }

  /** The persistent actor has recovered, or has been opened. */
  private Behavior<ShardMessage> onReady(Ready ready) {
    recovered = true;
    busy = false;
    backoff = environment.settings().restartBackoff();
    state = ready.state();
    if (state instanceof ShardState.Opened opened) {
      if (tail == null) {
        tail =
            new ShardTail(
                address.persistenceId(),
                opened.identity(),
                opened.tailState(),
                environment.storage().pages(),
                new Opener(environment.keys(), address.streamLife(), address.persistenceId()),
                environment.windows(),
                environment.clock());
      } else {
        tail.recovered(opened.tailState());
      }
      opening.forEach(replyTo -> replyTo.tell(new Opened()));
      opening.clear();
      if (opened.isClosed()) {
        writeDesk.giveUpWaiting(new Moved());
      }
    } else {
      writeDesk.giveUpWaiting(new NotWritten("there is no such shard"));
    }
    Behavior<ShardMessage> next = write();
    return next == this ? untilRecovered.unstashAll(this) : next;
  }

  private void start() {
    shard =
        getContext()
            .spawnAnonymous(
                ShardActor.create(
                    address,
                    environment.storage().plugin(),
                    environment.clock(),
                    getContext().getSelf()));
    getContext().watch(shard);
  }

  private Behavior<ShardMessage> onRestart() {
    start();
    return this;
  }

  private Behavior<ShardMessage> onShardStopped(Throwable cause) {
    shard = null;
    recovered = false;
    busy = false;
    ending = false;
    if (!erasing.isEmpty()) {
      return erase();
    }
    if (cause == null) {
      return stopped();
    }
    getContext()
        .getLog()
        .warn("shard {} stopped, starts again in {}: {}", address, backoff, rootOf(cause));
    boolean nothingWritten = environment.storage().provesNotWritten(cause);
    giveUpSealing();
    writeDesk.giveUpWriting(
        nothingWritten
            ? new NotWritten("the storage refused the write")
            : new Unknown("the storage failed during the write"));
    writeDesk.giveUpWaiting(new NotWritten("the storage does not answer"));
    outage = Failed.reading(cause);
    trimDesk.failed(outage);
    closeDesk.failed(outage);
    opening.forEach(replyTo -> replyTo.tell(outage));
    opening.clear();
    if (draining) {
      return stopped();
    }
    timers.startSingleTimer(Internal.RESTART, backoff);
    Duration doubled = backoff.multipliedBy(2);
    Duration longest = environment.settings().maxRestartBackoff();
    backoff = doubled.compareTo(longest) > 0 ? longest : doubled;
    return untilRecovered.unstashAll(this);
  }

  /** A batch that still waits for its key was never handed on. */
  private void giveUpSealing() {
    if (sealing != null) {
      sealing = null;
      writeDesk.giveUpWriting(new NotWritten("the storage does not answer"));
    }
  }

  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  // trimming

  private Behavior<ShardMessage> onTrim(Trim trim) {
    if (isUnheardOf()) {
      return stash(trim);
    }
    if (tail == null) {
      trim.replyTo().tell(absent());
    } else {
      trimDesk.onTrim(trim, tail);
    }
    return this;
  }

  private Behavior<ShardMessage> onHorizonFound(TrimDesk.HorizonFound found) {
    trimDesk.onHorizonFound(found);
    return write();
  }

  private Behavior<ShardMessage> onSnapshotSettled(SnapshotSettled settled) {
    trimDesk.onSnapshotSettled(settled);
    return this;
  }

  private Behavior<ShardMessage> onFreed(TrimDesk.Freed freed) {
    trimDesk.onFreed(freed);
    return this;
  }

  // the end

  /** Stops for the engine's sake: what waits is written first. */
  private Behavior<ShardMessage> onDrain() {
    draining = true;
    boolean nothingWaits = !recovered && writeDesk.isEmpty();
    return shard == null || nothingWaits ? stopped() : write();
  }

  private Behavior<ShardMessage> onErase(Erase erase) {
    erasing.add(erase);
    if (erasing.size() > 1) {
      return this;
    }
    if (tail != null) {
      tail.erasing();
    }
    writeDesk.giveUpWaiting(new NotWritten("the stream is being deleted"));
    if (shard == null) {
      timers.cancelAll();
      return erase();
    }
    getContext().stop(shard);
    return this;
  }

  /** Nothing of the shard is left, or the storage failed before that. */
  private record EraseFinished(Throwable failure) implements ShardMessage.Internal {}

  private Behavior<ShardMessage> erase() {
    giveUpSealing();
    writeDesk.giveUpWriting(new Unknown("the stream is being deleted"));
    getContext().pipeToSelf(trimDesk.erase(), (ignored, failure) -> new EraseFinished(failure));
    return this;
  }

  private Behavior<ShardMessage> onEraseFinished(EraseFinished finished) {
    Dismissal dismissal = Dismissal.erased(address);
    ShardMessage.EraseReply reply = new ShardMessage.Erased();
    if (finished.failure() != null) {
      Failed failed = new Failed(Failed.Kind.UNAVAILABLE, rootOf(finished.failure()));
      dismissal = new Dismissal(failed);
      reply = failed;
    }
    for (Erase erase : erasing) {
      erase.replyTo().tell(reply);
    }
    return leave(dismissal);
  }

  private Behavior<ShardMessage> stopped() {
    return leave(erasing.isEmpty() ? Dismissal.CLOSING : Dismissal.erased(address));
  }

  /**
   * Takes nothing more. What still comes is answered, until whoever keeps the gate lets it go: he
   * sends nothing more by then, so that nobody waits for an answer in vain.
   */
  private Behavior<ShardMessage> leave(Dismissal dismissal) {
    if (tail != null) {
      tail.close();
    }
    untilRecovered.forEach(dismissal::answer);
    untilRecovered.clear();
    opening.forEach(replyTo -> replyTo.tell(dismissal.why()));
    opening.clear();
    readDesk.dismiss(dismissal.why());
    trimDesk.failed(dismissal.why());
    closeDesk.failed(dismissal.why());
    keeper.tell(new LocalShards.GateLeaves(address, getContext().getSelf()));
    return Behaviors.receive(ShardMessage.class)
        .onMessageEquals(Leave.NOW, Behaviors::stopped)
        .onAnyMessage(
            message -> {
              dismissal.answer(message);
              return Behaviors.same();
            })
        .onSignal(Terminated.class, stopped -> Behaviors.same())
        .build();
  }

  // waiting for the first recovery

  /**
   * Whether it is not known yet what the shard is; then messages wait, as long as there is room.
   */
  private boolean isUnheardOf() {
    return state == null && shard != null && !untilRecovered.isFull();
  }

  private Behavior<ShardMessage> stash(ShardMessage message) {
    untilRecovered.stash(message);
    return this;
  }
}
