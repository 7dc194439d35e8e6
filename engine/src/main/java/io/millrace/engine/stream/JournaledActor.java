package io.millrace.engine.stream;

import com.typesafe.config.Config;
import io.millrace.engine.stream.StreamReply.Kind;
import io.millrace.engine.stream.StreamReply.Refused;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * What the registry and a stream have in common: they persist in the engine's storage, and when
 * that fails, tell whoever waits for it and recover.
 *
 * <p>After a failed write Pekko recovers within this same object, once its children have stopped:
 * {@link #recovered} must begin everything anew.
 */
abstract class JournaledActor<C, E, S> extends EventSourcedBehaviorWithEnforcedReplies<C, E, S> {

  private static final int SNAPSHOTS_KEPT = 2;

  private final StreamSurroundings around;
  private Optional<ActorRef<StreamReply>> awaitingWrite = Optional.empty();

  JournaledActor(String persistenceId, StreamSurroundings around) {
    super(PersistenceId.ofUniqueId(persistenceId), around.restarts());
    this.around = around;
  }

  /** Goes on from this state, at the start and after each failed write. */
  abstract void recovered(S state);

  /**
   * Persists events, all or none, and then goes on.
   *
   * @param caller told when writing fails; who answers otherwise is up to {@code afterwards}
   */
  final ReplyEffect<E, S> persist(
      List<E> events, Optional<ActorRef<StreamReply>> caller, Consumer<S> afterwards) {
    awaitingWrite = caller;
    return Effect()
        .persist(events)
        .thenRun(
            state -> {
              awaitingWrite = Optional.empty();
              afterwards.accept(state);
            })
        .thenNoReply();
  }

  /** Persists what was decided, goes on with it, and answers that it is done. */
  final ReplyEffect<E, S> decided(
      Decision<E> decision, Optional<ActorRef<StreamReply>> replyTo, Consumer<S> afterwards) {
    return decided(decision, replyTo, new StreamReply.Done(), afterwards);
  }

  /**
   * Persists what was decided, goes on with it, and answers.
   *
   * @param accepted the answer, unless it is refused
   */
  final ReplyEffect<E, S> decided(
      Decision<E> decision,
      Optional<ActorRef<StreamReply>> replyTo,
      StreamReply accepted,
      Consumer<S> afterwards) {
    if (decision instanceof Decision.Happens<E> happens) {
      return persist(
          happens.events(),
          replyTo,
          state -> {
            afterwards.accept(state);
            replyTo.ifPresent(caller -> caller.tell(accepted));
          });
    }
    replyTo.ifPresent(
        caller ->
            caller.tell(
                decision instanceof Decision.Refuses<E> refused ? refused.refusal() : accepted));
    return Effect().noReply();
  }

  @Override
  public final SignalHandler<S> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(JournalPersistFailed.class, (state, failed) -> writeFailed(failed.failure()))
        .onSignal(JournalPersistRejected.class, (state, failed) -> writeFailed(failed.failure()))
        .build();
  }

  private void writeFailed(Throwable failure) {
    // An open breaker is the one failure that never reached the database.
    Kind kind = failure instanceof CircuitBreakerOpenException ? Kind.UNAVAILABLE : Kind.UNKNOWN;
    Refused refusal = new Refused(kind, "The storage failed: " + failure.getMessage());
    awaitingWrite.ifPresent(caller -> caller.tell(refusal));
    awaitingWrite = Optional.empty();
  }

  @Override
  public final RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(around.settings().snapshotEvery(), SNAPSHOTS_KEPT);
  }

  @Override
  public final String journalPluginId() {
    return around.plugin().journalId();
  }

  @Override
  public final Optional<Config> journalPluginConfig() {
    return Optional.of(around.plugin().journalConfig());
  }

  @Override
  public final String snapshotPluginId() {
    return around.plugin().snapshotId();
  }

  @Override
  public final Optional<Config> snapshotPluginConfig() {
    return Optional.of(around.plugin().snapshotConfig());
  }
}
