package io.millrace.engine.stream;

import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.ShardErrand.StepEnded;
import io.millrace.engine.stream.StreamCommand.ExpiredFreed;
import io.millrace.engine.stream.StreamCommand.TrimRoundDone;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The rounds in which a stream has its shards trimmed, and what is stored of expired ones freed: at
 * most one of each at a time. Owned by the stream's actor, which is told when a round is over.
 */
final class TrimRounds {

  private final ActorContext<StreamCommand> context;
  private final StreamErrands errands;

  private Optional<ActorRef<StepEnded>> trimming = Optional.empty();
  private Optional<ActorRef<StepEnded>> freeing = Optional.empty();

  /** Number of the newest round, which no earlier one is taken for. */
  private long round;

  TrimRounds(ActorContext<StreamCommand> context, StreamErrands errands) {
    this.context = context;
    this.errands = errands;
  }

  /** Begins what is not under way. */
  void begin(StreamState state, long retentionMillis) {
    if (trimming.isEmpty()) {
      trimming = Optional.of(trim(state, retentionMillis));
    }
    List<ShardId> expired = state.map().expired();
    if (freeing.isEmpty() && !expired.isEmpty()) {
      freeing = Optional.of(free(state, expired));
    }
  }

  private ActorRef<StepEnded> trim(StreamState state, long retentionMillis) {
    long begun = ++round;
    return errands.trim(
        state,
        retentionMillis,
        report -> context.getSelf().tell(new TrimRoundDone(begun, report.failures())));
  }

  private ActorRef<StepEnded> free(StreamState state, List<ShardId> expired) {
    return errands.erase(
        state, expired, report -> context.getSelf().tell(new ExpiredFreed(expired)));
  }

  /** A round of trimming is over, perhaps one that was given up. */
  void trimmed(StreamState state, TrimRoundDone done) {
    if (done.round() != round) {
      return;
    }
    trimming = Optional.empty();
    if (done.failures() > 0) {
      context
          .getLog()
          .warn(
              "Trimming stream {}: {} of its shards failed and are tried again next round",
              state.name(),
              done.failures());
    }
  }

  /** Nothing is stored any more of the shards that had expired. */
  void freed() {
    freeing = Optional.empty();
  }

  /** Gives up trimming, since it knows an old retention. */
  void giveUpTrimming() {
    trimming.ifPresent(context::stop);
    trimming = Optional.empty();
  }

  /** Gives up everything, since all shards are about to be erased. */
  void giveUp() {
    giveUpTrimming();
    freeing.ifPresent(context::stop);
    freeing = Optional.empty();
  }

  /** The actor has recovered, and its errands have ended with its earlier life. */
  void recovered() {
    trimming = Optional.empty();
    freeing = Optional.empty();
  }
}
