package io.millrace.engine.stream;

import io.millrace.engine.shard.ShardAddress;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.shard.ShardRegion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
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
   * @param answer what the shard said; empty if it failed
   */
  record StepEnded(Optional<ShardMessage.Wire> answer) {}

  /**
   * Every shard's part is over.
   *
   * @param failures how many shards failed
   * @param answers what the others said, in no order
   */
  record Report(int failures, List<ShardMessage.Wire> answers) {}

  private final Manner manner;
  private final Queue<Step> waiting;
  private final Consumer<Report> whenDone;
  private int underWay;
  private final List<ShardMessage.Wire> answers = new ArrayList<>();
  private int failures;

  /**
   * Runs an errand.
   *
   * @param whenDone told how it went; called on the errand's actor
   */
  static Behavior<StepEnded> create(Manner manner, List<Step> steps, Consumer<Report> whenDone) {
    return Behaviors.setup(context -> new ShardErrand(context, manner, steps, whenDone).begin());
  }

  private ShardErrand(
      ActorContext<StepEnded> context, Manner manner, List<Step> steps, Consumer<Report> whenDone) {
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
    whenDone.accept(new Report(failures, answers));
    return Behaviors.stopped();
  }

  private Behavior<StepEnded> onStepEnded(StepEnded ended) {
    underWay--;
    ended.answer().ifPresentOrElse(answers::add, () -> failures++);
    return begin();
  }
}
