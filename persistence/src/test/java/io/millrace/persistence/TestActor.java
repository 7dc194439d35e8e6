package io.millrace.persistence;

import io.millrace.engine.storage.JournalPlugin;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * An actor that persists what it is sent. Its state is how many events it has seen and how many
 * bytes they had, as text. Stops when a write fails.
 */
final class TestActor extends EventSourcedBehavior<TestActor.Command, byte[], String> {

  sealed interface Command {}

  /** Persist and answer with the state after it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Append(byte[] event, ActorRef<String> replyTo) implements Command {}

  /** Answer with the state. */
  record Ask(ActorRef<String> replyTo) implements Command {}

  private final JournalPlugin plugin;
  private final int snapshotEvery;
  private final ActorRef<String> snapshots;

  private TestActor(
      String persistenceId, JournalPlugin plugin, int snapshotEvery, ActorRef<String> snapshots) {
    super(PersistenceId.ofUniqueId(persistenceId));
    this.plugin = plugin;
    this.snapshotEvery = snapshotEvery;
    this.snapshots = snapshots;
  }

  /** Never takes a snapshot. */
  static Behavior<Command> create(String persistenceId, JournalPlugin plugin) {
    return new TestActor(persistenceId, plugin, 0, null);
  }

  /** Takes a snapshot each so many events and tells whether it was stored. */
  static Behavior<Command> create(
      String persistenceId, JournalPlugin plugin, int snapshotEvery, ActorRef<String> snapshots) {
    return new TestActor(persistenceId, plugin, snapshotEvery, snapshots);
  }

  static String state(long events, long bytes) {
    return events + "/" + bytes;
  }

  @Override
  public String journalPluginId() {
    return plugin.journalId();
  }

  @Override
  public Optional<com.typesafe.config.Config> journalPluginConfig() {
    return Optional.of(plugin.journalConfig());
  }

  @Override
  public String snapshotPluginId() {
    return plugin.snapshotId();
  }

  @Override
  public Optional<com.typesafe.config.Config> snapshotPluginConfig() {
    return Optional.of(plugin.snapshotConfig());
  }

  @Override
  public String emptyState() {
    return state(0, 0);
  }

  @Override
  public CommandHandler<Command, byte[], String> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Append.class,
            command -> Effect().persist(command.event()).thenReply(command.replyTo(), s -> s))
        .onCommand(Ask.class, command -> Effect().reply(command.replyTo(), state(command)))
        .build();
  }

  private String state(Ask ignored) {
    return latest;
  }

  private String latest = state(0, 0);

  @Override
  public EventHandler<String, byte[]> eventHandler() {
    return (state, event) -> {
      var slash = state.indexOf('/');
      latest =
          state(
              Long.parseLong(state.substring(0, slash)) + 1,
              Long.parseLong(state.substring(slash + 1)) + event.length);
      return latest;
    };
  }

  @Override
  public SignalHandler<String> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(
            org.apache.pekko.persistence.typed.RecoveryCompleted.instance(),
            state -> latest = state)
        .onSignal(
            SnapshotCompleted.class,
            (state, signal) ->
                snapshots.tell("stored " + signal.getSnapshotMetadata().sequenceNr()))
        .onSignal(
            SnapshotFailed.class,
            (state, signal) -> snapshots.tell("failed " + signal.getFailure()))
        .build();
  }

  @Override
  public boolean shouldSnapshot(String state, byte[] event, long sequenceNr) {
    return snapshotEvery > 0 && sequenceNr % snapshotEvery == 0;
  }
}
