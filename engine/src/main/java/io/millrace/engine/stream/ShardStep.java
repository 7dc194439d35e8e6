package io.millrace.engine.stream;

import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.stream.ShardErrand.Manner;
import io.millrace.engine.stream.ShardErrand.Step;
import io.millrace.engine.stream.ShardErrand.StepEnded;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One shard's part of a {@link ShardErrand}. Hears the shard's answers, whatever their type, and
 * its own timer.
 */
final class ShardStep extends AbstractBehavior<Object> {

  /** The shard has not answered in time. */
  private record NoAnswer() {}

  /** Time to ask again. */
  private record AskAgain() {}

  private final TimerScheduler<Object> timers;
  private final Manner manner;
  private final Step step;
  private final ActorRef<StepEnded> errand;
  private Duration backoff;

  static Behavior<Object> create(Manner manner, Step step, ActorRef<StepEnded> errand) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  ShardStep self = new ShardStep(context, timers, manner, step, errand);
                  return self.ask();
                }));
  }

  private ShardStep(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      Manner manner,
      Step step,
      ActorRef<StepEnded> errand) {
    super(context);
    context.setLoggerName(ShardStep.class);
    this.timers = timers;
    this.manner = manner;
    this.step = step;
    this.errand = errand;
    this.backoff = manner.settings().minBackoff();
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(ShardMessage.Failed.class, this::onFailed)
        .onMessage(NoAnswer.class, none -> failed("no answer"))
        .onMessage(AskAgain.class, again -> ask())
        .onAnyMessage(done -> end(Optional.of((ShardMessage.Wire) done)))
        .build();
  }

  private Behavior<Object> ask() {
    timers.startSingleTimer(new NoAnswer(), manner.settings().shardAnswerTimeout());
    manner.region().tell(step.shard(), step.message().apply(getContext().getSelf()));
    return this;
  }

  private Behavior<Object> onFailed(ShardMessage.Failed answer) {
    boolean gone = answer.kind() == ShardMessage.Failed.Kind.NOT_THERE;
    return gone && manner.goneIsDone()
        ? end(Optional.<ShardMessage.Wire>of(answer))
        : failed(answer.kind() + ": " + answer.why());
  }

  private Behavior<Object> failed(String why) {
    timers.cancelAll();
    if (!manner.untilDone()) {
      getContext().getLog().debug("Shard {} failed: {}", step.shard(), why);
      return end(Optional.empty());
    }
    if (backoff.equals(manner.settings().minBackoff())) {
      getContext().getLog().warn("Shard {} failed, asking again: {}", step.shard(), why);
    }
    timers.startSingleTimer(new AskAgain(), backoff);
    Duration longer = backoff.multipliedBy(2);
    Duration longest = manner.settings().maxBackoff();
    backoff = longer.compareTo(longest) < 0 ? longer : longest;
    return this;
  }

  private Behavior<Object> end(Optional<ShardMessage.Wire> answer) {
    errand.tell(new StepEnded(answer));
    return Behaviors.stopped();
  }
}
