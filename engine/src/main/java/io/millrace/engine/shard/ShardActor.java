package io.millrace.engine.shard;

import com.typesafe.config.Config;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.encryption.Seal;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.shard.ShardCommand.Append;
import io.millrace.engine.shard.ShardCommand.Close;
import io.millrace.engine.shard.ShardCommand.Committed;
import io.millrace.engine.shard.ShardCommand.MoveHorizon;
import io.millrace.engine.shard.ShardCommand.Open;
import io.millrace.engine.shard.ShardCommand.Ready;
import io.millrace.engine.shard.ShardCommand.SnapshotSettled;
import io.millrace.engine.shard.ShardEvent.HorizonMoved;
import io.millrace.engine.shard.ShardEvent.RecordsAppended;
import io.millrace.engine.shard.ShardState.Opened;
import io.millrace.engine.shard.ShardState.Unopened;
import io.millrace.engine.storage.JournalPlugin;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of one shard: gives records their numbers and arrival time, and stores them, one event
 * a batch. What survives a restart is what was answered. While it persists it takes nothing else;
 * its gate, the only one who talks to it, sends one command at a time.
 *
 * <p>When a write fails the actor stops: only recovery can tell what was stored. The gate sees the
 * cause and starts it anew.
 */
final class ShardActor
    extends EventSourcedBehaviorWithEnforcedReplies<ShardCommand, ShardEvent, ShardState> {

  private static final Logger log = LoggerFactory.getLogger(ShardActor.class);

  /** Recovery replays at most so many events, and about so many bytes. */
  private static final int SNAPSHOT_EVENTS = 250;

  private static final long SNAPSHOT_BYTES = 8L << 20;

  private final JournalPlugin plugin;
  private final EngineClock clock;
  private final ActorRef<ShardMessage> gate;
  private final Seal seal;

  /** The newest event in a snapshot that is stored; 0 if there is none. */
  private long snapshotEvent;

  static Behavior<ShardCommand> create(
      ShardAddress address, JournalPlugin plugin, EngineClock clock, ActorRef<ShardMessage> gate) {
    return Behaviors.setup(context -> new ShardActor(address, plugin, clock, gate));
  }

  private ShardActor(
      ShardAddress address, JournalPlugin plugin, EngineClock clock, ActorRef<ShardMessage> gate) {
    super(PersistenceId.ofUniqueId(address.persistenceId()));
    this.plugin = plugin;
    this.clock = clock;
    this.gate = gate;
    this.seal = new Seal(address.persistenceId());
  }

  @Override
  public ShardState emptyState() {
    return Unopened.NEW;
  }

  @Override
  public CommandHandlerWithReply<ShardCommand, ShardEvent, ShardState> commandHandler() {
    var commands = newCommandHandlerWithReplyBuilder();
    commands.forStateType(Unopened.class).onCommand(Open.class, this::onOpen);
    commands
        .forStateType(Opened.class)
        .onCommand(Open.class, this::onOpenAgain)
        .onCommand(Append.class, this::onAppend)
        .onCommand(MoveHorizon.class, this::onMoveHorizon)
        .onCommand(Close.class, this::onClose);
    return commands.build();
  }

  private ReplyEffect<ShardEvent, ShardState> onOpen(Unopened state, Open command) {
    return Effect()
        .persist(
            state.open(
                command.identity(),
                command.range(),
                command.inherited(),
                Math.max(command.openedMillis(), clock.epochMillis())))
        .thenReply(command.replyTo(), Ready::new);
  }

  private ReplyEffect<ShardEvent, ShardState> onOpenAgain(Opened state, Open command) {
    return Effect().reply(command.replyTo(), new Ready(state));
  }

  private ReplyEffect<ShardEvent, ShardState> onAppend(Opened state, Append command) {
    var appended = state.append(command.entries(), clock.epochMillis());
    if (command.key().isPresent()) {
      return sealed(appended, command);
    }
    return Effect()
        .persist(appended)
        .thenReply(command.replyTo(), now -> new Committed(appended.frame(), (Opened) now));
  }

  /** Stores the event sealed, and shows it open: readers of the window need not open it again. */
  private ReplyEffect<ShardEvent, ShardState> sealed(RecordsAppended appended, Append command) {
    Frame frame = seal.close(appended.frame(), command.key().orElseThrow());
    Frame opened = appended.frame().openedWith(Seal.keyOf(frame));
    return Effect()
        .persist(new RecordsAppended(frame, appended.notes()))
        .thenReply(command.replyTo(), now -> new Committed(opened, (Opened) now));
  }

  private ReplyEffect<ShardEvent, ShardState> onMoveHorizon(Opened state, MoveHorizon command) {
    // Written again if the snapshot is missing without which nothing may be deleted.
    boolean canFree = state.horizonEvent() <= Math.max(ShardState.FIRST_HORIZON, snapshotEvent + 1);
    if (!state.wouldFree(command.event()) && canFree) {
      return Effect().reply(command.replyTo(), new Committed(null, state));
    }
    var moved = state.moveHorizon(command.event(), clock.epochMillis());
    return Effect()
        .persist(moved)
        .thenReply(command.replyTo(), now -> new Committed(moved.frame(), (Opened) now));
  }

  private ReplyEffect<ShardEvent, ShardState> onClose(Opened state, Close command) {
    if (state.isClosed()) {
      return Effect().reply(command.replyTo(), new Committed(null, state));
    }
    var closed = state.close(clock.epochMillis());
    return Effect()
        .persist(closed)
        .thenReply(command.replyTo(), now -> new Committed(closed.frame(), (Opened) now));
  }

  @Override
  public EventHandler<ShardState, ShardEvent> eventHandler() {
    return ShardState::apply;
  }

  @Override
  public SignalHandler<ShardState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            RecoveryCompleted.instance(),
            state -> {
              if (snapshotEvent > 0) {
                gate.tell(new SnapshotSettled(snapshotEvent, true));
              }
              gate.tell(new Ready(state));
            })
        .onSignal(
            SnapshotCompleted.class,
            (state, done) -> {
              snapshotEvent = done.metadata().sequenceNr();
              gate.tell(new SnapshotSettled(snapshotEvent, true));
            })
        .onSignal(
            SnapshotFailed.class,
            (state, failed) -> {
              log.warn(
                  "{}: no snapshot stored, the next one will do: {}",
                  persistenceId().id(),
                  failed.getFailure().getMessage());
              gate.tell(new SnapshotSettled(failed.metadata().sequenceNr(), false));
            })
        .build();
  }

  /** A moved horizon is in a snapshot before anything below it is deleted. */
  @Override
  public boolean shouldSnapshot(ShardState state, ShardEvent event, long sequenceNumber) {
    if (event instanceof HorizonMoved || sequenceNumber % SNAPSHOT_EVENTS == 0) {
      return true;
    }
    return state instanceof Opened opened
        && event instanceof ShardEvent.RecordsAppended appended
        && opened.storedBytes() / SNAPSHOT_BYTES
            != (opened.storedBytes() - appended.frame().bytes().length) / SNAPSHOT_BYTES;
  }

  /** Notes which snapshot recovery starts from. */
  @Override
  public SnapshotAdapter<ShardState> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(ShardState state) {
        return state;
      }

      @Override
      public ShardState fromJournal(Object snapshot) {
        ShardState state = (ShardState) snapshot;
        snapshotEvent = state.lastEvent();
        return state;
      }
    };
  }

  @Override
  public String journalPluginId() {
    return plugin.journalId();
  }

  @Override
  public Optional<Config> journalPluginConfig() {
    return Optional.of(plugin.journalConfig());
  }

  @Override
  public String snapshotPluginId() {
    return plugin.snapshotId();
  }

  @Override
  public Optional<Config> snapshotPluginConfig() {
    return Optional.of(plugin.snapshotConfig());
  }
}
