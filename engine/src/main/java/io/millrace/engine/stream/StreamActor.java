package io.millrace.engine.stream;

import io.millrace.engine.capacity.AutoscalingPolicy;
import io.millrace.engine.capacity.CapacityDecision;
import io.millrace.engine.capacity.HotShardReport;
import io.millrace.engine.model.MetricsName;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamMode;
import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.stream.StreamCommand.Begin;
import io.millrace.engine.stream.StreamCommand.ChangeAttachments;
import io.millrace.engine.stream.StreamCommand.ChangeDistribution;
import io.millrace.engine.stream.StreamCommand.ChangeMaxRecordSize;
import io.millrace.engine.stream.StreamCommand.ChangeMode;
import io.millrace.engine.stream.StreamCommand.ChangeMonitoring;
import io.millrace.engine.stream.StreamCommand.ConsumerArrives;
import io.millrace.engine.stream.StreamCommand.DecideCapacity;
import io.millrace.engine.stream.StreamCommand.DecreaseRetention;
import io.millrace.engine.stream.StreamCommand.DeleteStream;
import io.millrace.engine.stream.StreamCommand.DeregisterConsumer;
import io.millrace.engine.stream.StreamCommand.ExpiredFreed;
import io.millrace.engine.stream.StreamCommand.IncreaseRetention;
import io.millrace.engine.stream.StreamCommand.MergeShards;
import io.millrace.engine.stream.StreamCommand.NeedsRoom;
import io.millrace.engine.stream.StreamCommand.ObserveTraffic;
import io.millrace.engine.stream.StreamCommand.OpenShards;
import io.millrace.engine.stream.StreamCommand.RegisterConsumer;
import io.millrace.engine.stream.StreamCommand.ReportGone;
import io.millrace.engine.stream.StreamCommand.ReshardAdvanced;
import io.millrace.engine.stream.StreamCommand.ReshardAdvanced.Stage;
import io.millrace.engine.stream.StreamCommand.ShardsErased;
import io.millrace.engine.stream.StreamCommand.ShardsOpened;
import io.millrace.engine.stream.StreamCommand.SplitShard;
import io.millrace.engine.stream.StreamCommand.StartEncryption;
import io.millrace.engine.stream.StreamCommand.StopEncryption;
import io.millrace.engine.stream.StreamCommand.TrafficObserved;
import io.millrace.engine.stream.StreamCommand.TrimRoundDone;
import io.millrace.engine.stream.StreamCommand.TrimShards;
import io.millrace.engine.stream.StreamCommand.UpdateShardCount;
import io.millrace.engine.stream.StreamCommand.UpdateWarmThroughput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;

/**
 * One life of one stream: its settings, its shard map and the procedures that change them, one
 * control operation after the other. Every change is durable and visible in {@link StreamViews}
 * before it is answered.
 *
 * <p>A procedure is a phase of the state. Entering a phase, by an event or at recovery, begins its
 * work with the shards, which bears repeating; when the work is done, an event ends the phase. So a
 * procedure goes on after any crash from its last event. Commands that arrive during recovery or a
 * write are stashed.
 */
public final class StreamActor extends JournaledActor<StreamCommand, StreamEvent, StreamState> {

  private final ActorContext<StreamCommand> context;
  private final TimerScheduler<StreamCommand> timers;
  private final StreamSurroundings around;
  private final NamedStream stream;
  private final ActorRef<RegistryCommand> registry;

  private final StreamErrands errands;
  private CapacityWatch capacity;
  private List<HotShardReport> hotShards = List.of();
  private Optional<ActorRef<ShardErrand.StepEnded>> trimming = Optional.empty();
  private Optional<ActorRef<ShardErrand.StepEnded>> freeing = Optional.empty();
  private long trimRound;

  /** The newest loan of room; whatever was lent before this actor started has gone with that. */
  private long settledLoan = Long.MAX_VALUE;

  /**
   * The actor of a stream. Restarts for ever when it fails, ever more slowly.
   *
   * @param around what it needs of the engine
   * @param stream which stream, and what to create it with if it has not begun
   * @param registry told how the stream stands before anyone else can see it, and when it is gone
   */
  static Behavior<StreamCommand> create(
      StreamSurroundings around, NamedStream stream, ActorRef<RegistryCommand> registry) {
    return Behaviors.supervise(
            Behaviors.<StreamCommand>setup(
                context ->
                    Behaviors.withTimers(
                        timers -> new StreamActor(context, timers, around, stream, registry))))
        .onFailure(around.restarts());
  }

  private StreamActor(
      ActorContext<StreamCommand> context,
      TimerScheduler<StreamCommand> timers,
      StreamSurroundings around,
      NamedStream stream,
      ActorRef<RegistryCommand> registry) {
    super(stream.persistenceId(), around);
    context.setLoggerName(StreamActor.class);
    this.context = context;
    this.errands = new StreamErrands(context, around);
    this.timers = timers;
    this.around = around;
    this.stream = stream;
    this.registry = registry;
  }

  @Override
  public StreamState emptyState() {
    return StreamState.unborn(stream.name(), stream.incarnation());
  }

  @Override
  public CommandHandlerWithReply<StreamCommand, StreamEvent, StreamState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Begin.class, this::onBegin)
        .onCommand(OpenShards.class, this::onOpenShards)
        .onCommand(ShardsOpened.class, this::onShardsOpened)
        .onCommand(IncreaseRetention.class, this::onIncreaseRetention)
        .onCommand(DecreaseRetention.class, this::onDecreaseRetention)
        .onCommand(ChangeMaxRecordSize.class, this::onChangeMaxRecordSize)
        .onCommand(StartEncryption.class, this::onStartEncryption)
        .onCommand(StopEncryption.class, this::onStopEncryption)
        .onCommand(ChangeMonitoring.class, this::onChangeMonitoring)
        .onCommand(TrimShards.class, this::onTrimShards)
        .onCommand(TrimRoundDone.class, this::onTrimRoundDone)
        .onCommand(ExpiredFreed.class, this::onExpiredFreed)
        .onCommand(SplitShard.class, this::onSplitShard)
        .onCommand(MergeShards.class, this::onMergeShards)
        .onCommand(UpdateShardCount.class, this::onUpdateShardCount)
        .onCommand(ChangeMode.class, this::onChangeMode)
        .onCommand(UpdateWarmThroughput.class, this::onUpdateWarmThroughput)
        .onCommand(ReshardAdvanced.class, this::onReshardAdvanced)
        .onCommand(ObserveTraffic.class, this::onObserveTraffic)
        .onCommand(TrafficObserved.class, this::onTrafficObserved)
        .onCommand(DecideCapacity.class, this::onDecideCapacity)
        .onCommand(RegisterConsumer.class, this::onRegisterConsumer)
        .onCommand(DeregisterConsumer.class, this::onDeregisterConsumer)
        .onCommand(ConsumerArrives.class, this::onConsumerArrives)
        .onCommand(ChangeAttachments.class, this::onChangeAttachments)
        .onCommand(ChangeDistribution.class, this::onChangeDistribution)
        .onCommand(DeleteStream.class, this::onDeleteStream)
        .onCommand(ShardsErased.class, this::onShardsErased)
        .onCommand(ReportGone.class, this::onReportGone)
        .build();
  }

  // Creation.

  private ReplyEffect<StreamEvent, StreamState> onBegin(StreamState state, Begin command) {
    return decided(
        state.begin(stream.parameters(), around.clock().epochMillis()),
        command.replyTo(),
        this::enter);
  }

  private ReplyEffect<StreamEvent, StreamState> onOpenShards(
      StreamState state, OpenShards command) {
    if (state.phase() == StreamState.Phase.CREATING) {
      errands.open(
          state, state.shards(), Map.of(), report -> context.getSelf().tell(new ShardsOpened()));
    }
    return Effect().noReply();
  }

  private ReplyEffect<StreamEvent, StreamState> onShardsOpened(
      StreamState state, ShardsOpened command) {
    return decided(state.activate(), Optional.empty(), this::enter);
  }

  // Settings.

  private ReplyEffect<StreamEvent, StreamState> onIncreaseRetention(
      StreamState state, IncreaseRetention command) {
    return decided(
        state.increaseRetention(command.hours(), around.clock().epochMillis()),
        Optional.of(command.replyTo()),
        this::publish);
  }

  private ReplyEffect<StreamEvent, StreamState> onDecreaseRetention(
      StreamState state, DecreaseRetention command) {
    return decided(
        state.decreaseRetention(command.hours(), around.clock().epochMillis()),
        Optional.of(command.replyTo()),
        next -> {
          publish(next);
          // What has expired by it is dropped at once: a round that runs knows only the old time.
          trimming.ifPresent(context::stop);
          trimming = Optional.empty();
          context.getSelf().tell(new TrimShards());
        });
  }

  private ReplyEffect<StreamEvent, StreamState> onChangeMaxRecordSize(
      StreamState state, ChangeMaxRecordSize command) {
    return decided(
        state.changeMaxRecordSize(command.kib()), Optional.of(command.replyTo()), this::publish);
  }

  private ReplyEffect<StreamEvent, StreamState> onStartEncryption(
      StreamState state, StartEncryption command) {
    return decided(
        state.startEncryption(command.key(), around.clock().epochMillis()),
        Optional.of(command.replyTo()),
        this::publish);
  }

  private ReplyEffect<StreamEvent, StreamState> onChangeDistribution(
      StreamState state, ChangeDistribution command) {
    return decided(
        state.changeDistribution(command.strategy()),
        Optional.of(command.replyTo()),
        this::publish);
  }

  private ReplyEffect<StreamEvent, StreamState> onStopEncryption(
      StreamState state, StopEncryption command) {
    return decided(
        state.stopEncryption(
            command.key(), around.settings().account(), around.clock().epochMillis()),
        Optional.of(command.replyTo()),
        this::publish);
  }

  private ReplyEffect<StreamEvent, StreamState> onChangeMonitoring(
      StreamState state, ChangeMonitoring command) {
    Set<MetricsName> before = state.options().shardLevelMetrics();
    Set<MetricsName> changed = new HashSet<>(before);
    if (command.isOn()) {
      changed.addAll(command.metrics());
    } else {
      changed.removeAll(command.metrics());
    }
    Set<MetricsName> now = MetricsName.named(changed);
    return decided(
        state.monitor(now),
        Optional.of(command.replyTo()),
        new StreamReply.Monitored(before, now),
        this::publish);
  }

  private ReplyEffect<StreamEvent, StreamState> onChangeAttachments(
      StreamState state, ChangeAttachments command) {
    return decided(
        state.changeAttachments(command.change()), Optional.of(command.replyTo()), this::publish);
  }

  // Trimming.

  private ReplyEffect<StreamEvent, StreamState> onTrimShards(
      StreamState state, TrimShards command) {
    if (state.phase() != StreamState.Phase.ACTIVE) {
      return Effect().noReply();
    }
    Decision<StreamEvent> expiry = state.expireShards(around.clock().epochMillis());
    if (expiry instanceof Decision.Happens<StreamEvent>) {
      return decided(
          expiry,
          Optional.empty(),
          next -> {
            publish(next);
            trimAndFree(next);
          });
    }
    trimAndFree(state);
    return Effect().noReply();
  }

  private void trimAndFree(StreamState state) {
    if (trimming.isEmpty()) {
      trim(state);
    }
    List<ShardId> expired = state.map().expired();
    if (freeing.isEmpty() && !expired.isEmpty()) {
      freeing =
          Optional.of(
              errands.erase(
                  state, expired, report -> context.getSelf().tell(new ExpiredFreed(expired))));
    }
  }

  private ReplyEffect<StreamEvent, StreamState> onExpiredFreed(
      StreamState state, ExpiredFreed command) {
    freeing = Optional.empty();
    return decided(state.freed(command.shardIds()), Optional.empty(), next -> {});
  }

  private ReplyEffect<StreamEvent, StreamState> onTrimRoundDone(
      StreamState state, TrimRoundDone command) {
    if (command.round() == trimRound) {
      trimming = Optional.empty();
      if (command.failures() > 0) {
        context
            .getLog()
            .warn(
                "Trimming stream {}: {} of its shards failed and are tried again next round",
                stream.name(),
                command.failures());
      }
    }
    return Effect().noReply();
  }

  private void trim(StreamState state) {
    long retentionMillis =
        state
            .view(around.settings().arn(stream.name()), hotShards)
            .retentionMillis(around.clock().epochMillis());
    long round = ++trimRound;
    trimming =
        Optional.of(
            errands.trim(
                state,
                retentionMillis,
                report -> context.getSelf().tell(new TrimRoundDone(round, report.failures()))));
  }

  // Resharding.

  private ReplyEffect<StreamEvent, StreamState> onSplitShard(
      StreamState state, SplitShard command) {
    return lent(
        state,
        command,
        state.split(
            command.shardToSplit(),
            command.newStartingHashKey(),
            command.room(),
            around.clock().epochMillis()),
        new StreamReply.Done());
  }

  private ReplyEffect<StreamEvent, StreamState> onMergeShards(
      StreamState state, MergeShards command) {
    return lent(
        state,
        command,
        state.merge(
            command.shardToMerge(),
            command.adjacentShardToMerge(),
            command.room(),
            around.clock().epochMillis()),
        new StreamReply.Done());
  }

  private ReplyEffect<StreamEvent, StreamState> onUpdateShardCount(
      StreamState state, UpdateShardCount command) {
    return lent(
        state,
        command,
        state.updateShardCount(command.target(), command.room(), around.clock().epochMillis()),
        new StreamReply.Scaling(state.map().openCount(), command.target()));
  }

  private ReplyEffect<StreamEvent, StreamState> onChangeMode(
      StreamState state, ChangeMode command) {
    Decision<StreamEvent> changed =
        state.changeMode(
            command.mode(),
            command.warmMiBps(),
            around.warmThroughput(),
            command.room(),
            around.clock().epochMillis());
    return lent(
        state,
        command,
        command.warmMiBps() == 0 ? changed : andRescaled(state, changed),
        new StreamReply.Done());
  }

  private ReplyEffect<StreamEvent, StreamState> onUpdateWarmThroughput(
      StreamState state, UpdateWarmThroughput command) {
    int ready = Math.min(command.miBps(), state.map().openCount());
    return decided(
        andRescaled(state, state.updateWarmThroughput(command.miBps(), around.warmThroughput())),
        Optional.of(command.replyTo()),
        new StreamReply.Warming(ready, command.miBps()),
        this::enter);
  }

  /** With what the capacity rule makes of it, so that nobody sees one without the other. */
  private Decision<StreamEvent> andRescaled(StreamState state, Decision<StreamEvent> warmed) {
    if (warmed instanceof Decision.Refuses<StreamEvent>) {
      return warmed;
    }
    StreamState next = state.apply(warmed.events());
    CapacityDecision wanted = capacity.onDemand(next, around.warmThroughput());
    return warmed.and(next.rescale(wanted.plan(), around.clock().epochMillis()));
  }

  /** The registry has lent its room to this request, and gets it back whatever comes of it. */
  private ReplyEffect<StreamEvent, StreamState> lent(
      StreamState state, NeedsRoom request, Decision<StreamEvent> decision, StreamReply accepted) {
    settledLoan = request.room().loan();
    if (!(decision instanceof Decision.Happens<StreamEvent>)) {
      stand(state);
    }
    return decided(decision, Optional.of(request.replyTo()), accepted, this::enter);
  }

  /**
   * Begins the current step of a reshard: its parents take no puts from here on. Whoever puts there
   * waits, until the step is done.
   */
  private void closeParents(StreamState state) {
    int step = state.map().reshard().done();
    Set<ShardId> parents = Set.copyOf(state.map().reshard().current().closing());
    errands.close(
        state,
        state.shards().stream().filter(shard -> parents.contains(shard.shardId())).toList(),
        report -> context.getSelf().tell(parentsClosed(step, report)));
  }

  private static ReshardAdvanced parentsClosed(int step, ShardErrand.Report report) {
    long lastMillis = Long.MIN_VALUE;
    Map<ShardId, Payload> producers = new HashMap<>();
    for (ShardMessage.Wire answer : report.answers()) {
      ShardMessage.Closed closed = (ShardMessage.Closed) answer;
      lastMillis = Math.max(lastMillis, closed.closedMillis());
      producers.put(closed.shardId(), closed.producers());
    }
    return new ReshardAdvanced(step, Stage.PARENTS_CLOSED, lastMillis, Map.copyOf(producers));
  }

  private ReplyEffect<StreamEvent, StreamState> onReshardAdvanced(
      StreamState state, ReshardAdvanced command) {
    ShardMap.Reshard reshard = state.map().reshard();
    if (state.phase() != StreamState.Phase.RESHARDING || command.step() != reshard.done()) {
      return Effect().noReply();
    }
    List<ShardView> made = state.map().made(command.atMillis());
    switch (command.stage()) {
      case PARENTS_CLOSED ->
          errands.open(
              state,
              made,
              Inheritance.of(made, command.parents()),
              report -> advance(command, Stage.CHILDREN_OPENED));
      case CHILDREN_OPENED ->
          errands.close(
              state,
              made.stream().filter(shard -> !shard.isOpen()).toList(),
              report -> advance(command, Stage.READY));
      case READY -> {
        return decided(
            state.flip(command.step(), command.atMillis()), Optional.empty(), this::enter);
      }
    }
    return Effect().noReply();
  }

  private void advance(ReshardAdvanced from, Stage to) {
    context.getSelf().tell(new ReshardAdvanced(from.step(), to, from.atMillis(), Map.of()));
  }

  // Capacity.

  private ReplyEffect<StreamEvent, StreamState> onObserveTraffic(
      StreamState state, ObserveTraffic command) {
    if (state.phase() == StreamState.Phase.ACTIVE) {
      errands.reportTraffic(
          state, report -> context.getSelf().tell(new TrafficObserved(accepted(report))));
    }
    return Effect().noReply();
  }

  private static List<ShardMessage.Accepted> accepted(ShardErrand.Report report) {
    return report.answers().stream().map(ShardMessage.Accepted.class::cast).toList();
  }

  private ReplyEffect<StreamEvent, StreamState> onTrafficObserved(
      StreamState state, TrafficObserved command) {
    if (state.phase() != StreamState.Phase.ACTIVE) {
      return Effect().noReply();
    }
    capacity.observe(around.clock().epochMillis(), command.minute());
    report(state);
    Decision<StreamEvent> peaks = state.notePeaks(capacity.toStore(state.peaks()));
    if (peaks instanceof Decision.Happens<StreamEvent>) {
      return decided(peaks, Optional.empty(), next -> context.getSelf().tell(new DecideCapacity()));
    }
    return decideCapacity(state);
  }

  private ReplyEffect<StreamEvent, StreamState> onDecideCapacity(
      StreamState state, DecideCapacity command) {
    return decideCapacity(state);
  }

  private ReplyEffect<StreamEvent, StreamState> decideCapacity(StreamState state) {
    long now = around.clock().epochMillis();
    capacity
        .provisioned(state, now)
        .filter(wanted -> wanted.targetShardCount().isPresent())
        .ifPresent(this::autoscale);
    if (state.options().mode() != StreamMode.ON_DEMAND) {
      return Effect().noReply();
    }
    CapacityDecision wanted = capacity.onDemand(state, around.warmThroughput());
    Decision<StreamEvent> decision = state.rescale(wanted.plan(), now);
    if (decision instanceof Decision.Happens<StreamEvent>) {
      context.getLog().info("Stream {}: {}", stream.name(), wanted.explanation());
    }
    return decided(decision, Optional.empty(), this::enter);
  }

  /** Goes the way of any other call, so that quotas hold. */
  private void autoscale(AutoscalingPolicy.Decision wanted) {
    context.getLog().info("Stream {}: {}", stream.name(), wanted.explanation());
    registry.tell(
        new RegistryCommand.ForStream(
            stream.name(),
            new UpdateShardCount(
                wanted.targetShardCount().getAsInt(), Room.NONE, context.getSystem().ignoreRef())));
  }

  private void report(StreamState state) {
    List<HotShardReport> hot = capacity.hotShards(state);
    if (!hot.equals(hotShards)) {
      hotShards = hot;
      publish(state);
    }
  }

  // Registered consumers.

  private ReplyEffect<StreamEvent, StreamState> onRegisterConsumer(
      StreamState state, RegisterConsumer command) {
    long now = around.clock().epochMillis();
    RegisteredConsumer fresh = state.consumers().fresh(command.name(), now);
    ConsumerQuota quota =
        around
            .settings()
            .consumers()
            .quota(state.options().mode(), around.views().commitment().isOn(now));
    return decided(
        state
            .changeConsumers(consumers -> consumers.register(fresh, quota))
            .and(Attachments.created(Optional.of(fresh.name()), command.tags())),
        Optional.of(command.replyTo()),
        new StreamReply.Registered(fresh.view(around.settings().arn(stream.name()))),
        this::showConsumers);
  }

  private ReplyEffect<StreamEvent, StreamState> onDeregisterConsumer(
      StreamState state, DeregisterConsumer command) {
    return decided(
        state.changeConsumers(
            consumers -> consumers.deregister(command.name(), command.createdMillis())),
        Optional.of(command.replyTo()),
        this::showConsumers);
  }

  private ReplyEffect<StreamEvent, StreamState> onConsumerArrives(
      StreamState state, ConsumerArrives command) {
    return decided(
        state.changeConsumers(consumers -> consumers.arrive(command.consumer())),
        Optional.empty(),
        this::showConsumers);
  }

  private void showConsumers(StreamState state) {
    publish(state);
    awaitConsumers(state);
  }

  private void awaitConsumers(StreamState state) {
    for (RegisteredConsumer consumer : state.consumers().underWay()) {
      ConsumerArrives arrival = new ConsumerArrives(consumer);
      if (!timers.isTimerActive(arrival)) {
        timers.startSingleTimer(arrival, around.settings().consumers().delay());
      }
    }
  }

  // Deletion.

  private ReplyEffect<StreamEvent, StreamState> onDeleteStream(
      StreamState state, DeleteStream command) {
    return decided(
        state.delete(command.withConsumers()), Optional.of(command.replyTo()), this::enter);
  }

  private ReplyEffect<StreamEvent, StreamState> onShardsErased(
      StreamState state, ShardsErased command) {
    return decided(state.finishDeletion(), Optional.empty(), this::enter);
  }

  private ReplyEffect<StreamEvent, StreamState> onReportGone(
      StreamState state, ReportGone command) {
    registry.tell(new RegistryCommand.StreamGone(stream.name(), stream.incarnation()));
    return Effect().noReply();
  }

  private void erase(StreamState state) {
    timers.cancelAll();
    trimming.ifPresent(context::stop);
    freeing.ifPresent(context::stop);
    List<ShardId> all = new ArrayList<>(state.map().expired());
    state.shards().forEach(shard -> all.add(shard.shardId()));
    errands.erase(state, all, report -> context.getSelf().tell(new ShardsErased()));
  }

  // What every operation shares.

  /** Shows the state, and begins the work of its phase. */
  private void enter(StreamState state) {
    if (state.phase() == StreamState.Phase.UNBORN) {
      context.getSelf().tell(new Begin(Optional.empty()));
      return;
    }
    publish(state);
    registry.tell(new RegistryCommand.StreamShown(stream.name(), stream.incarnation()));
    awaitConsumers(state);
    switch (state.phase()) {
      case CREATING -> timers.startSingleTimer(new OpenShards(), creatingDelay(state));
      case ACTIVE -> {
        every(around.settings().trimInterval(), new TrimShards());
        every(CapacityWatch.MINUTE, new ObserveTraffic());
      }
      case RESHARDING -> closeParents(state);
      case DELETING -> erase(state);
      case GONE -> {
        context.getSelf().tell(new ReportGone());
        timers.startTimerWithFixedDelay(new ReportGone(), around.settings().maxBackoff());
      }
      default -> throw new IllegalStateException("no work for phase " + state.phase());
    }
  }

  /** Goes on in its own time, however often the stream becomes ACTIVE. */
  private void every(Duration interval, StreamCommand command) {
    if (!timers.isTimerActive(command)) {
      timers.startTimerWithFixedDelay(command, interval);
    }
  }

  private Duration creatingDelay(StreamState state) {
    Duration whole = around.settings().creatingDelay();
    long leftMillis = state.createdMillis() + whole.toMillis() - around.clock().epochMillis();
    // A clock that jumped makes it neither negative nor longer than the whole.
    return Duration.ofMillis(Math.max(0, Math.min(whole.toMillis(), leftMillis)));
  }

  /** The registry hears first, since whoever sees that a stream is ACTIVE may create the next. */
  private void publish(StreamState state) {
    stand(state);
    around.views().publish(state.view(around.settings().arn(stream.name()), hotShards));
  }

  private void stand(StreamState state) {
    registry.tell(
        new RegistryCommand.StreamStands(
            stream.name(),
            stream.incarnation(),
            new RegistryState.Standing(
                stream.incarnation(),
                state.status(),
                state.options().mode(),
                state.map().openCountAtMost()),
            settledLoan));
    if (settledLoan == Long.MAX_VALUE) {
      settledLoan = 0;
    }
  }

  @Override
  public EventHandler<StreamState, StreamEvent> eventHandler() {
    return StreamState::apply;
  }

  @Override
  protected void recovered(StreamState state) {
    capacity =
        new CapacityWatch(
            around.settings().maxOnDemandShards(),
            Optional.ofNullable(around.settings().autoscaling().get(stream.name())),
            state.peaks());
    trimming = Optional.empty();
    freeing = Optional.empty();
    enter(state);
  }
}
