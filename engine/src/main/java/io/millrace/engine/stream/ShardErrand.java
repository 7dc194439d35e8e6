package io.millrace.engine.stream;

import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardRegion;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Tells something to each of many shards, a bounded number at a time, and stops when every one has
 * answered. A child of the stream's actor, so that answers do not wait for its writes; when that
 * restarts, the errand ends and is begun anew.
 */
final class ShardErrand extends AbstractBehavior<ShardErrand.StepEnded> {

  /**
   * One shard's part.
   *
   * @param shard the shard
   * @param message what it is told, given whom it may answer
   */
  record Step(ShardAddress shard, Function<ActorRef<Object>, ShardMessage> message) {}

  /**
   * How to go about it.
   *
   * @param region reaches the shards
   * @param settings delays and the time a shard may take to answer
   * @param parallelism how many shards at once
   * @param untilDone whether a shard that fails is asked again until it does not; otherwise it is
   *     asked once
   * @param goneIsDone whether a shard that is not there has done its part
   */
  record Manner(
      ShardRegion region,
      StreamSettings settings,
      int parallelism,
      boolean untilDone,
      boolean goneIsDone) {}

  /**
   * A shard's part is over.
   *
   * @param failed whether it failed
   */
  record StepEnded(boolean failed) {}

  private final Manner manner;
  private final Queue<Step> waiting;
  private final IntConsumer whenDone;
  private int underWay;
  private int failures;

  /**
   * Runs an errand.
   *
   * @param whenDone told how many shards failed; called on the errand's actor
   */
  static Behavior<StepEnded> create(Manner manner, List<Step> steps, IntConsumer whenDone) {
    return Behaviors.setup(context -> new ShardErrand(context, manner, steps, whenDone).begin());
  }

  private ShardErrand(
      ActorContext<StepEnded> context, Manner manner, List<Step> steps, IntConsumer whenDone) {
    super(context);
    this.manner = manner;
    this.waiting = new ArrayDeque<>(steps);
    this.whenDone = whenDone;
  }

  @Override
  public Receive<StepEnded> createReceive() {
    return newReceiveBuilder().onMessage(StepEnded.class, this::onStepEnded).build();
  }

  private Behavior<StepEnded> begin() {
    while (underWay < manner.parallelism() && !waiting.isEmpty()) {
      underWay++;
      getContext()
          .spawnAnonymous(ShardStep.create(manner, waiting.remove(), getContext().getSelf()));
    }
    if (underWay > 0) {
      return this;
    }
    whenDone.accept(failures);
    return Behaviors.stopped();
  }

  private Behavior<StepEnded> onStepEnded(StepEnded ended) {
    underWay--;
    failures += ended.failed() ? 1 : 0;
    return begin();
  }
}
