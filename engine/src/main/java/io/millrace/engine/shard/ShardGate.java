package io.millrace.engine.shard;

import io.millrace.engine.shard.ShardCommand.Committed;
import io.millrace.engine.shard.ShardCommand.Ready;
import io.millrace.engine.shard.ShardCommand.SnapshotSettled;
import io.millrace.engine.shard.ShardMessage.AttachTail;
import io.millrace.engine.shard.ShardMessage.Close;
import io.millrace.engine.shard.ShardMessage.Erase;
import io.millrace.engine.shard.ShardMessage.Failed;
import io.millrace.engine.shard.ShardMessage.LocateLatest;
import io.millrace.engine.shard.ShardMessage.LocateTime;
import io.millrace.engine.shard.ShardMessage.Moved;
import io.millrace.engine.shard.ShardMessage.NeedsTail;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.Open;
import io.millrace.engine.shard.ShardMessage.Opened;
import io.millrace.engine.shard.ShardMessage.Put;
import io.millrace.engine.shard.ShardMessage.PutOutcome;
import io.millrace.engine.shard.ShardMessage.Read;
import io.millrace.engine.shard.ShardMessage.Refused;
import io.millrace.engine.shard.ShardMessage.ReportTraffic;
import io.millrace.engine.shard.ShardMessage.Trim;
import io.millrace.engine.shard.ShardMessage.Unknown;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.time.Duration;
import java.util.function.Consumer;
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
import org.apache.pekko.japi.function.Function;

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

  /** Stops taking puts, finishes those that wait, then stops. */
  enum Drain implements ShardMessage.Internal {
    NOW
  }

  /** Whoever keeps the gate sends nothing after this. */
  enum Leave implements ShardMessage.Internal {
    NOW
  }

  private final ShardAddress address;
  private final Storage storage;
  private final ActorRef<LocalShards.Command> keeper;
  private final StashBuffer<ShardMessage> untilRecovered;
  private final OpenDesk openDesk;
  private final WriteDesk writeDesk;
  private final ReadDesk readDesk;
  private final TrimDesk trimDesk;
  private final CloseDesk closeDesk;
  private final EraseDesk eraseDesk;
  private final ShardWriter writer;

  /** What the shard was when last heard of; null until it has recovered once. */
  private ShardState state;

  /** Why the persistent actor is down, as callers are told. */
  private Failed outage = new Failed(Failed.Kind.UNAVAILABLE, "the shard is recovering");

  private boolean draining;

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
    this.untilRecovered = untilRecovered;
    this.address = address;
    this.storage = environment.storage();
    this.openDesk = new OpenDesk();
    this.writeDesk = new WriteDesk(address, environment);
    this.readDesk = new ReadDesk(context.getSelf(), address, environment);
    this.trimDesk = new TrimDesk(context.getSelf(), address, environment);
    this.closeDesk = new CloseDesk();
    this.eraseDesk = new EraseDesk(context, address);
    this.writer =
        new ShardWriter(context, timers, address, environment, writeDesk, trimDesk, closeDesk);
    writer.start();
  }

  @Override
  public Receive<ShardMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(Put.class, this::onPut)
        .onMessage(KeyDesk.Settled.class, thenWrite(writer::keySettled))
        .onMessage(Committed.class, this::onCommitted)
        .onMessage(ShardWriter.Look.class, thenWrite(writer::looked))
        .onMessage(ReportTraffic.class, then(this::onReportTraffic))
        .onMessage(NeedsTail.class, message -> !readDesk.isOpen(), this::onWithoutTail)
        .onMessage(Read.class, then(readDesk::onRead))
        .onMessage(ReadDesk.Finished.class, then(readDesk::onFinished))
        .onMessage(LocateLatest.class, then(readDesk::onLocateLatest))
        .onMessage(LocateTime.class, then(readDesk::onLocateTime))
        .onMessage(AttachTail.class, then(readDesk::onAttachTail))
        .onMessage(Trim.class, then(trim -> trimDesk.onTrim(trim, readDesk.tail())))
        .onMessage(TrimDesk.HorizonFound.class, thenWrite(trimDesk::onHorizonFound))
        .onMessage(SnapshotSettled.class, then(trimDesk::onSnapshotSettled))
        .onMessage(TrimDesk.Freed.class, then(trimDesk::onFreed))
        .onMessage(Open.class, this::onOpen)
        .onMessage(Ready.class, this::onReady)
        .onMessage(ShardWriter.Restart.class, then(now -> writer.start()))
        .onMessage(Close.class, this::onClose)
        .onMessage(Erase.class, this::onErase)
        .onMessage(EraseDesk.Finished.class, finished -> leave(eraseDesk.finish(finished)))
        .onMessageEquals(Drain.NOW, this::onDrain)
        .onSignal(ChildFailed.class, failed -> onShardStopped(failed.cause()))
        .onSignal(Terminated.class, stopped -> onShardStopped(null))
        .build();
  }

  /** Leaves a message to someone else. */
  private <M> Function<M, Behavior<ShardMessage>> then(Consumer<M> whose) {
    return message -> {
      whose.accept(message);
      return this;
    };
  }

  /** Leaves a message to someone else, after whom there may be something to write. */
  private <M> Function<M, Behavior<ShardMessage>> thenWrite(Consumer<M> whose) {
    return message -> {
      whose.accept(message);
      return write();
    };
  }

  /** Has the next command start, if it can; the gate stops when it drains and none is left. */
  private Behavior<ShardMessage> write() {
    return writer.next(state) || !draining ? this : stopped();
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
    if (writer.isDown()) {
      return new NotWritten("the storage does not answer");
    }
    if (state instanceof ShardState.Unopened || eraseDesk.isErasing()) {
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
    return put.orderingCounter().getAsLong() < readDesk.latestCounter()
        ? null
        : new Refused("the sequence number for ordering lies in the future");
  }

  private boolean isClosed() {
    return state instanceof ShardState.Opened opened && opened.isClosed();
  }

  private void onReportTraffic(ReportTraffic report) {
    report.replyTo().tell(writeDesk.takeTraffic());
  }

  private Behavior<ShardMessage> onCommitted(Committed committed) {
    state = committed.state();
    readDesk.publish(committed);
    writer.committed(committed);
    return write();
  }

  // what comes before it is known what the shard is

  /**
   * Whether it is not known yet what the shard is; then messages wait, as long as there is room.
   */
  private boolean isUnheardOf() {
    return state == null && !writer.isDown() && !untilRecovered.isFull();
  }

  private Behavior<ShardMessage> stash(ShardMessage message) {
    untilRecovered.stash(message);
    return this;
  }

  private Behavior<ShardMessage> onWithoutTail(NeedsTail message) {
    if (isUnheardOf()) {
      return stash(message);
    }
    new Dismissal(absent()).answer(message);
    return this;
  }

  /** Why there is no tail. */
  private Failed absent() {
    if (eraseDesk.isErasing()) {
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
    } else if (!writer.isRecovered()) {
      open.replyTo().tell(outage);
    } else if (((ShardState.Unopened) state).isDamaged()) {
      open.replyTo().tell(absent());
    } else {
      openDesk.add(open.replyTo());
      writer.open(
          new ShardCommand.Open(
              new ShardIdentity(open.createdSeconds(), address.shardId().index()),
              open.openedMillis(),
              open.range(),
              ProducerWindowsFormat.read(open.inherited()),
              getContext().getSelf()));
    }
    return this;
  }

  private Behavior<ShardMessage> onClose(Close close) {
    if (!writer.isRecovered()) {
      close.replyTo().tell(outage);
      return this;
    }
    closeDesk.add(close.replyTo());
    return write();
  }

  /** The persistent actor has recovered, or has been opened. */
  private Behavior<ShardMessage> onReady(Ready ready) {
    writer.recovered();
    state = ready.state();
    if (state instanceof ShardState.Opened opened) {
      readDesk.open(opened);
      openDesk.opened();
      if (opened.isClosed()) {
        writeDesk.giveUpWaiting(new Moved());
      }
    } else {
      writeDesk.giveUpWaiting(new NotWritten("there is no such shard"));
    }
    Behavior<ShardMessage> next = write();
    return next == this ? untilRecovered.unstashAll(this) : next;
  }

  private Behavior<ShardMessage> onShardStopped(Throwable cause) {
    writer.stopped();
    if (eraseDesk.isErasing()) {
      return erase();
    }
    if (cause == null) {
      return stopped();
    }
    fail(cause);
    if (draining) {
      getContext().getLog().warn("shard {} stopped: {}", address, RootCause.of(cause));
      return stopped();
    }
    Duration pause = writer.startAgain();
    getContext()
        .getLog()
        .warn("shard {} stopped, starts again in {}: {}", address, pause, RootCause.of(cause));
    return untilRecovered.unstashAll(this);
  }

  /** Tells whoever waits for the persistent actor that it has failed. */
  private void fail(Throwable cause) {
    writer.giveUp(
        storage.provesNotWritten(cause)
            ? new NotWritten("the storage refused the write")
            : new Unknown("the storage failed during the write"));
    writeDesk.giveUpWaiting(new NotWritten("the storage does not answer"));
    outage = Failed.reading(cause);
    trimDesk.failed(outage);
    closeDesk.failed(outage);
    openDesk.failed(outage);
  }

  // the end

  /** Stops for the engine's sake: what waits is written first. */
  private Behavior<ShardMessage> onDrain() {
    draining = true;
    boolean nothingWaits = !writer.isRecovered() && writeDesk.isEmpty();
    return writer.isDown() || nothingWaits ? stopped() : write();
  }

  private Behavior<ShardMessage> onErase(Erase erase) {
    if (!eraseDesk.add(erase)) {
      return this;
    }
    readDesk.erasing();
    writeDesk.giveUpWaiting(new NotWritten("the stream is being deleted"));
    return writer.stop() ? this : erase();
  }

  private Behavior<ShardMessage> erase() {
    writer.giveUp(new Unknown("the stream is being deleted"));
    eraseDesk.await(trimDesk.erase());
    return this;
  }

  private Behavior<ShardMessage> stopped() {
    return leave(eraseDesk.isErasing() ? Dismissal.erased(address) : Dismissal.CLOSING);
  }

  /**
   * Takes nothing more. What still comes is answered, until whoever keeps the gate lets it go: he
   * sends nothing more by then, so that nobody waits for an answer in vain.
   */
  private Behavior<ShardMessage> leave(Dismissal dismissal) {
    untilRecovered.forEach(dismissal::answer);
    untilRecovered.clear();
    openDesk.failed(dismissal.why());
    readDesk.close(dismissal.why());
    trimDesk.failed(dismissal.why());
    closeDesk.failed(dismissal.why());
    keeper.tell(new LocalShards.GateLeaves(address, getContext().getSelf()));
    return dismissal.untilLeave();
  }
}
