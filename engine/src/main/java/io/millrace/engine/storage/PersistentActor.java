package io.millrace.engine.storage;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.apache.pekko.persistence.typed.javadsl.SnapshotCountRetentionCriteria;

/**
 * An actor that persists in the engine's storage; when that fails, whoever waits for the write is
 * told, and the actor recovers.
 *
 * <p>After a failed write Pekko recovers within this same object, once its children have stopped:
 * {@link #recovered} must begin everything anew.
 *
 * @param <C> what it understands
 * @param <E> what happens
 * @param <S> what it remembers
 */
public abstract class PersistentActor<C, E, S>
    extends EventSourcedBehaviorWithEnforcedReplies<C, E, S> {

  private static final int SNAPSHOTS_KEPT = 2;

  private final JournalPlugin plugin;
  private final RetentionCriteria retention;
  private Optional<Consumer<WriteFailure>> awaitingWrite = Optional.empty();

  /**
   * Why events are not stored.
   *
   * @param isCertain whether they certainly are not; otherwise they may be
   * @param message one sentence for people
   */
  public record WriteFailure(boolean isCertain, String message) {

    private static WriteFailure of(Throwable failure) {
      // An open breaker is the one failure that never reached the database.
      return new WriteFailure(
          failure instanceof CircuitBreakerOpenException,
          "The storage failed: " + failure.getMessage());
    }
  }

  /**
   * An actor.
   *
   * @param restarts how it is restarted when a write has failed
   * @param plugin where it persists
   * @param retention see {@link #snapshotEvery}
   */
  protected PersistentActor(
      String persistenceId,
      BackoffSupervisorStrategy restarts,
      JournalPlugin plugin,
      RetentionCriteria retention) {
    super(PersistenceId.ofUniqueId(persistenceId), restarts);
    this.plugin = plugin;
    this.retention = retention;
  }

  /** A snapshot after so many events; the newest two are kept, and all events. */
  protected static SnapshotCountRetentionCriteria snapshotEvery(int events) {
    return RetentionCriteria.snapshotEvery(events, SNAPSHOTS_KEPT);
  }

  /** Goes on from this state, at the start and after each failed write. */
  protected abstract void recovered(S state);

  /**
   * The state is stored as a snapshot.
   *
   * @param event the last event that is in it
   */
  protected void snapshotStored(S state, long event) {}

  /** A write has failed, and whoever waited for it has been told. */
  protected void writeFailed(WriteFailure failure) {}

  /** The actor stops, or is about to be restarted. */
  protected void stopped() {}

  /**
   * Persists events, all or none, and then goes on.
   *
   * @param orElse called instead when writing fails
   */
  protected final ReplyEffect<E, S> persist(
      List<E> events, Consumer<WriteFailure> orElse, Consumer<S> afterwards) {
    awaitingWrite = Optional.of(orElse);
    return Effect()
        .persist(events)
        .thenRun(
            (S state) -> {
              awaitingWrite = Optional.empty();
              afterwards.accept(state);
            })
        .thenNoReply();
  }

  @Override
  public final SignalHandler<S> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(JournalPersistFailed.class, (state, failed) -> failed(failed.failure()))
        .onSignal(JournalPersistRejected.class, (state, failed) -> failed(failed.failure()))
        .onSignal(
            SnapshotCompleted.class,
            (state, stored) -> snapshotStored(state, stored.metadata().sequenceNr()))
        .onSignal(PostStop.instance(), state -> stopped())
        .build();
  }

  private void failed(Throwable cause) {
    WriteFailure failure = WriteFailure.of(cause);
    awaitingWrite.ifPresent(waiting -> waiting.accept(failure));
    awaitingWrite = Optional.empty();
    writeFailed(failure);
  }

  @Override
  public final RetentionCriteria retentionCriteria() {
    return retention;
  }

  @Override
  public final String journalPluginId() {
    return plugin.journalId();
  }

  @Override
  public final Optional<Config> journalPluginConfig() {
    return Optional.of(plugin.journalConfig());
  }

  @Override
  public final String snapshotPluginId() {
    return plugin.snapshotId();
  }

  @Override
  public final Optional<Config> snapshotPluginConfig() {
    return Optional.of(plugin.snapshotConfig());
  }
}
