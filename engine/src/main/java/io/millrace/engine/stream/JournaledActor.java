package io.millrace.engine.stream;

import io.millrace.engine.storage.PersistentActor;
import io.millrace.engine.stream.StreamReply.Kind;
import io.millrace.engine.stream.StreamReply.Refused;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;

/** What the registry and a stream have in common: how they persist what was decided. */
abstract class JournaledActor<C, E, S> extends PersistentActor<C, E, S> {

  JournaledActor(String persistenceId, StreamSurroundings around) {
    super(
        persistenceId,
        around.restarts(),
        around.plugin(),
        snapshotEvery(around.settings().snapshotEvery()));
  }

  /**
   * Persists events, all or none, and then goes on.
   *
   * @param caller told when writing fails; who answers otherwise is up to {@code afterwards}
   */
  final ReplyEffect<E, S> persist(
      List<E> events, Optional<ActorRef<StreamReply>> caller, Consumer<S> afterwards) {
    return persist(
        events, failure -> caller.ifPresent(waiting -> waiting.tell(refusal(failure))), afterwards);
  }

  private static Refused refusal(WriteFailure failure) {
    return new Refused(failure.isCertain() ? Kind.UNAVAILABLE : Kind.UNKNOWN, failure.message());
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
}
