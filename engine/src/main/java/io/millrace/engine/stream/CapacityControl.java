package io.millrace.engine.stream;

import io.millrace.engine.capacity.AutoscalingPolicy;
import io.millrace.engine.capacity.CapacityDecision;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.shard.ShardMessage.Accepted;
import io.millrace.engine.stream.StreamCommand.TrafficObserved;
import io.millrace.engine.stream.StreamCommand.UpdateShardCount;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Has a stream's capacity follow its traffic: asks the open shards every minute what they accepted,
 * has the hot ones shown, and decides what is to be done about it. Owned by the stream's actor.
 */
final class CapacityControl {

  private final ActorContext<StreamCommand> context;
  private final StreamSurroundings around;
  private final ActorRef<RegistryCommand> registry;
  private final StreamErrands errands;
  private final StreamDisplay display;

  private CapacityWatch watch;

  /**
   * The control of a stream; sees nothing before {@link #recovered}.
   *
   * @param registry asked to scale a provisioned stream
   * @param display shows which shards are hot
   */
  CapacityControl(
      ActorContext<StreamCommand> context,
      StreamSurroundings around,
      ActorRef<RegistryCommand> registry,
      StreamErrands errands,
      StreamDisplay display) {
    this.context = context;
    this.around = around;
    this.registry = registry;
    this.errands = errands;
    this.display = display;
  }

  /** The actor has recovered, and has seen no traffic but what the state remembers. */
  void recovered(StreamState state) {
    watch =
        new CapacityWatch(
            around.settings().maxOnDemandShards(),
            Optional.ofNullable(around.settings().autoscaling().get(state.name())),
            state.peaks());
  }

  /** Asks the open shards; the actor is told {@link TrafficObserved}. */
  void askShards(StreamState state) {
    errands.reportTraffic(
        state, report -> context.getSelf().tell(new TrafficObserved(accepted(report))));
  }

  private static List<Accepted> accepted(ShardErrand.Report report) {
    return report.answers().stream().map(Accepted.class::cast).toList();
  }

  /** Notes a minute, and shows which shards were hot in it. What is to be stored comes first. */
  Decision<StreamEvent> observe(StreamState state, List<Accepted> minute) {
    watch.observe(around.clock().epochMillis(), minute);
    display.publishHot(watch.hotShards(state), state);
    return state.notePeaks(watch.toStore(state.peaks()));
  }

  /** What the stream does about the traffic seen so far. */
  Decision<StreamEvent> decide(StreamState state) {
    long now = around.clock().epochMillis();
    watch
        .provisioned(state, now)
        .filter(wanted -> wanted.targetShardCount().isPresent())
        .ifPresent(wanted -> autoscale(state, wanted));
    if (state.options().mode() != StreamMode.ON_DEMAND) {
      return Decision.stands();
    }
    CapacityDecision wanted = watch.onDemand(state, around.warmThroughput());
    Decision<StreamEvent> decision = state.shardDecisions().rescale(wanted.plan(), now);
    if (decision instanceof Decision.Happens<StreamEvent>) {
      log(state, wanted.explanation());
    }
    return decision;
  }

  /** Goes the way of any other call, so that quotas hold. */
  private void autoscale(StreamState state, AutoscalingPolicy.Decision wanted) {
    log(state, wanted.explanation());
    registry.tell(
        new RegistryCommand.ForStream(
            state.name(),
            new UpdateShardCount(
                wanted.targetShardCount().getAsInt(), Room.NONE, context.getSystem().ignoreRef())));
  }

  private void log(StreamState state, String explanation) {
    context.getLog().info("Stream {}: {}", state.name(), explanation);
  }

  /** With what the capacity rule makes of it, so that nobody sees one without the other. */
  Decision<StreamEvent> andRescaled(StreamState state, Decision<StreamEvent> warmed) {
    if (warmed instanceof Decision.Refuses<StreamEvent>) {
      return warmed;
    }
    StreamState next = state.apply(warmed.events());
    CapacityDecision wanted = watch.onDemand(next, around.warmThroughput());
    return warmed.and(next.shardDecisions().rescale(wanted.plan(), around.clock().epochMillis()));
  }
}
