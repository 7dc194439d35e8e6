package io.millrace.engine.stream;

import io.millrace.engine.stream.StreamCommand.Begin;
import io.millrace.engine.stream.StreamCommand.ChangeMode;
import io.millrace.engine.stream.StreamCommand.ChangesSetting;
import io.millrace.engine.stream.StreamCommand.ConsumerArrives;
import io.millrace.engine.stream.StreamCommand.DecideCapacity;
import io.millrace.engine.stream.StreamCommand.DecidedByState;
import io.millrace.engine.stream.StreamCommand.DecreaseRetention;
import io.millrace.engine.stream.StreamCommand.DeleteStream;
import io.millrace.engine.stream.StreamCommand.DeregisterConsumer;
import io.millrace.engine.stream.StreamCommand.ExpiredFreed;
import io.millrace.engine.stream.StreamCommand.NeedsRoom;
import io.millrace.engine.stream.StreamCommand.ObserveTraffic;
import io.millrace.engine.stream.StreamCommand.OpenShards;
import io.millrace.engine.stream.StreamCommand.RegisterConsumer;
import io.millrace.engine.stream.StreamCommand.ReportGone;
import io.millrace.engine.stream.StreamCommand.ReshardAdvanced;
import io.millrace.engine.stream.StreamCommand.ReshardAdvanced.Stage;
import io.millrace.engine.stream.StreamCommand.Reshards;
import io.millrace.engine.stream.StreamCommand.ShardsErased;
import io.millrace.engine.stream.StreamCommand.ShardsOpened;
import io.millrace.engine.stream.StreamCommand.TrafficObserved;
import io.millrace.engine.stream.StreamCommand.TrimRoundDone;
import io.millrace.engine.stream.StreamCommand.TrimShards;
import io.millrace.engine.stream.StreamCommand.UpdateWarmThroughput;
import java.util.Optional;
import java.util.function.Consumer;
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
  private final StreamSurroundings around;
  private final NamedStream stream;

  private final StreamDisplay display;
  private final TrimRounds trims;
  private final ReshardProcedure resharding;
  private final CapacityControl capacity;
  private final PhaseWork work;

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
    this.around = around;
    this.stream = stream;
    StreamErrands errands = new StreamErrands(context, around);
    this.display = new StreamDisplay(around, stream, registry);
    this.trims = new TrimRounds(context, errands);
    this.resharding = new ReshardProcedure(context.getSelf(), errands);
    this.capacity = new CapacityControl(context, around, registry, errands, display);
    this.work = new PhaseWork(context.getSelf(), timers, around, errands, trims, resharding);
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
        .onCommand(ChangesSetting.class, this::onChangesSetting)
        .onCommand(DecreaseRetention.class, this::onDecreaseRetention)
        .onCommand(TrimShards.class, this::onTrimShards)
        .onCommand(TrimRoundDone.class, this::onTrimRoundDone)
        .onCommand(ExpiredFreed.class, this::onExpiredFreed)
        .onCommand(Reshards.class, this::onReshards)
        .onCommand(ReshardAdvanced.class, this::onReshardAdvanced)
        .onCommand(ChangeMode.class, this::onChangeMode)
        .onCommand(UpdateWarmThroughput.class, this::onUpdateWarmThroughput)
        .onCommand(ObserveTraffic.class, this::onObserveTraffic)
        .onCommand(TrafficObserved.class, this::onTrafficObserved)
        .onCommand(DecideCapacity.class, this::onDecideCapacity)
        .onCommand(RegisterConsumer.class, this::onRegisterConsumer)
        .onCommand(DeregisterConsumer.class, this::onDeregisterConsumer)
        .onCommand(ConsumerArrives.class, this::onConsumerArrives)
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
      work.openShards(state);
    }
    return Effect().noReply();
  }

  private ReplyEffect<StreamEvent, StreamState> onShardsOpened(
      StreamState state, ShardsOpened command) {
    return decided(state.activate(), Optional.empty(), this::enter);
  }

  // Settings.

  private ReplyEffect<StreamEvent, StreamState> onChangesSetting(
      StreamState state, ChangesSetting command) {
    return decided(state, command, display::publish);
  }

  private ReplyEffect<StreamEvent, StreamState> onDecreaseRetention(
      StreamState state, DecreaseRetention command) {
    return decided(
        state,
        command,
        next -> {
          display.publish(next);
          // What has expired by it is dropped at once: a round that runs knows only the old time.
          trims.giveUpTrimming();
          context.getSelf().tell(new TrimShards());
        });
  }

  private ReplyEffect<StreamEvent, StreamState> decided(
      StreamState state, DecidedByState command, Consumer<StreamState> afterwards) {
    return decided(
        command.decide(state, around.clock().epochMillis()),
        Optional.of(command.replyTo()),
        command.accepted(state),
        afterwards);
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
            display.publish(next);
            trim(next);
          });
    }
    trim(state);
    return Effect().noReply();
  }

  private void trim(StreamState state) {
    trims.begin(state, display.view(state).retentionMillis(around.clock().epochMillis()));
  }

  private ReplyEffect<StreamEvent, StreamState> onTrimRoundDone(
      StreamState state, TrimRoundDone command) {
    trims.trimmed(state, command);
    return Effect().noReply();
  }

  private ReplyEffect<StreamEvent, StreamState> onExpiredFreed(
      StreamState state, ExpiredFreed command) {
    trims.freed();
    return decided(state.freed(command.shardIds()), Optional.empty(), next -> {});
  }

  // Resharding.

  private ReplyEffect<StreamEvent, StreamState> onReshards(StreamState state, Reshards command) {
    return lent(
        state,
        command,
        command.decide(state, around.clock().epochMillis()),
        command.accepted(state));
  }

  private ReplyEffect<StreamEvent, StreamState> onReshardAdvanced(
      StreamState state, ReshardAdvanced command) {
    if (command.stage() == Stage.READY) {
      return decided(state.flip(command.step(), command.atMillis()), Optional.empty(), this::enter);
    }
    if (state.isResharding(command.step())) {
      resharding.goOn(state, command);
    }
    return Effect().noReply();
  }

  /** The registry has lent its room to this request, and gets it back whatever comes of it. */
  private ReplyEffect<StreamEvent, StreamState> lent(
      StreamState state, NeedsRoom request, Decision<StreamEvent> decision, StreamReply accepted) {
    display.settle(request.room());
    if (!(decision instanceof Decision.Happens<StreamEvent>)) {
      display.stand(state);
    }
    return decided(decision, Optional.of(request.replyTo()), accepted, this::enter);
  }

  // Capacity.

  private ReplyEffect<StreamEvent, StreamState> onChangeMode(
      StreamState state, ChangeMode command) {
    Decision<StreamEvent> changed =
        state
            .shardDecisions()
            .changeMode(
                command.mode(),
                command.warmMiBps(),
                around.warmThroughput(),
                command.room(),
                around.clock().epochMillis());
    return lent(
        state,
        command,
        command.warmMiBps() == 0 ? changed : capacity.andRescaled(state, changed),
        new StreamReply.Done());
  }

  private ReplyEffect<StreamEvent, StreamState> onUpdateWarmThroughput(
      StreamState state, UpdateWarmThroughput command) {
    Decision<StreamEvent> warmed =
        state.shardDecisions().updateWarmThroughput(command.miBps(), around.warmThroughput());
    int ready = Math.min(command.miBps(), state.map().openCount());
    return decided(
        capacity.andRescaled(state, warmed),
        Optional.of(command.replyTo()),
        new StreamReply.Warming(ready, command.miBps()),
        this::enter);
  }

  private ReplyEffect<StreamEvent, StreamState> onObserveTraffic(
      StreamState state, ObserveTraffic command) {
    if (state.phase() == StreamState.Phase.ACTIVE) {
      capacity.askShards(state);
    }
    return Effect().noReply();
  }

  private ReplyEffect<StreamEvent, StreamState> onTrafficObserved(
      StreamState state, TrafficObserved command) {
    if (state.phase() != StreamState.Phase.ACTIVE) {
      return Effect().noReply();
    }
    Decision<StreamEvent> peaks = capacity.observe(state, command.minute());
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
    return decided(capacity.decide(state), Optional.empty(), this::enter);
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
    return decided(state, command, this::showConsumers);
  }

  private ReplyEffect<StreamEvent, StreamState> onConsumerArrives(
      StreamState state, ConsumerArrives command) {
    return decided(
        state.changeConsumers(consumers -> consumers.arrive(command.consumer())),
        Optional.empty(),
        this::showConsumers);
  }

  private void showConsumers(StreamState state) {
    display.publish(state);
    work.awaitConsumers(state);
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
    display.gone();
    return Effect().noReply();
  }

  // What every operation shares.

  /** Shows the state, and begins the work of its phase. */
  private void enter(StreamState state) {
    if (state.phase() != StreamState.Phase.UNBORN) {
      display.publish(state);
      display.shown();
    }
    work.begin(state);
  }

  @Override
  public EventHandler<StreamState, StreamEvent> eventHandler() {
    return StreamState::apply;
  }

  @Override
  protected void recovered(StreamState state) {
    capacity.recovered(state);
    trims.recovered();
    enter(state);
  }
}
