package io.millrace.engine.stream;

import io.millrace.engine.shard.ShardMessage;
import io.millrace.engine.stream.ShardErrand.Manner;
import io.millrace.engine.stream.ShardErrand.Step;
import io.millrace.engine.stream.StreamCommand.Begin;
import io.millrace.engine.stream.StreamCommand.ChangeMaxRecordSize;
import io.millrace.engine.stream.StreamCommand.DecreaseRetention;
import io.millrace.engine.stream.StreamCommand.DeleteStream;
import io.millrace.engine.stream.StreamCommand.IncreaseRetention;
import io.millrace.engine.stream.StreamCommand.OpenShards;
import io.millrace.engine.stream.StreamCommand.ReportGone;
import io.millrace.engine.stream.StreamCommand.ShardsErased;
import io.millrace.engine.stream.StreamCommand.ShardsOpened;
import io.millrace.engine.stream.StreamCommand.TrimRoundDone;
import io.millrace.engine.stream.StreamCommand.TrimShards;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
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

  private Optional<ActorRef<ShardErrand.StepEnded>> trimming = Optional.empty();
  private long trimRound;

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
        .onCommand(TrimShards.class, this::onTrimShards)
        .onCommand(TrimRoundDone.class, this::onTrimRoundDone)
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
      run(
          manner(around.settings().openParallelism(), true, false),
          steps(
              state,
              (shard, replyTo) ->
                  new ShardMessage.Open(shard.createdSeconds(), shard.range(), replyTo.narrow())),
          failures -> context.getSelf().tell(new ShardsOpened()));
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
          trim(next);
        });
  }

  private ReplyEffect<StreamEvent, StreamState> onChangeMaxRecordSize(
      StreamState state, ChangeMaxRecordSize command) {
    return decided(
        state.changeMaxRecordSize(command.kib()), Optional.of(command.replyTo()), this::publish);
  }

  // Trimming.

  private ReplyEffect<StreamEvent, StreamState> onTrimShards(
      StreamState state, TrimShards command) {
    if (state.phase() == StreamState.Phase.ACTIVE && trimming.isEmpty()) {
      trim(state);
    }
    return Effect().noReply();
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
            .view(around.settings().arn(stream.name()))
            .retentionMillis(around.clock().epochMillis());
    long round = ++trimRound;
    trimming =
        Optional.of(
            run(
                manner(around.settings().trimParallelism(), false, false),
                steps(
                    state,
                    (shard, replyTo) -> new ShardMessage.Trim(retentionMillis, replyTo.narrow())),
                failures -> context.getSelf().tell(new TrimRoundDone(round, failures))));
  }

  // Deletion.

  private ReplyEffect<StreamEvent, StreamState> onDeleteStream(
      StreamState state, DeleteStream command) {
    return decided(state.delete(), Optional.of(command.replyTo()), this::enter);
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
    run(
        manner(around.settings().openParallelism(), true, true),
        steps(state, (shard, replyTo) -> new ShardMessage.Erase(replyTo.narrow())),
        failures -> context.getSelf().tell(new ShardsErased()));
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
    switch (state.phase()) {
      case CREATING -> timers.startSingleTimer(new OpenShards(), creatingDelay(state));
      case ACTIVE ->
          timers.startTimerWithFixedDelay(new TrimShards(), around.settings().trimInterval());
      case DELETING -> erase(state);
      case GONE -> {
        context.getSelf().tell(new ReportGone());
        timers.startTimerWithFixedDelay(new ReportGone(), around.settings().maxBackoff());
      }
      default -> throw new IllegalStateException("no work for phase " + state.phase());
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
    registry.tell(
        new RegistryCommand.StreamStands(
            stream.name(), stream.incarnation(), state.status(), state.openShards()));
    around.views().publish(state.view(around.settings().arn(stream.name())));
  }

  /** Persists what was decided, goes on with it, and answers. */
  private ReplyEffect<StreamEvent, StreamState> decided(
      Decision<StreamEvent> decision,
      Optional<ActorRef<StreamReply>> replyTo,
      Consumer<StreamState> afterwards) {
    if (decision instanceof Decision.Happens<StreamEvent> happens) {
      return persist(
          happens.event(),
          replyTo,
          state -> {
            afterwards.accept(state);
            replyTo.ifPresent(caller -> caller.tell(new StreamReply.Done()));
          });
    }
    replyTo.ifPresent(
        caller ->
            caller.tell(
                decision instanceof Decision.Refuses<StreamEvent> refused
                    ? refused.refusal()
                    : new StreamReply.Done()));
    return Effect().noReply();
  }

  private Manner manner(int parallelism, boolean untilDone, boolean goneIsDone) {
    return new Manner(around.shards(), around.settings(), parallelism, untilDone, goneIsDone);
  }

  private interface Telling {
    ShardMessage message(ShardView shard, ActorRef<Object> replyTo);
  }

  private static List<Step> steps(StreamState state, Telling telling) {
    return state.shards().stream()
        .map(
            shard ->
                new Step(
                    state.address(shard.shardId()), replyTo -> telling.message(shard, replyTo)))
        .toList();
  }

  private ActorRef<ShardErrand.StepEnded> run(
      Manner manner, List<Step> steps, IntConsumer whenDone) {
    return context.spawnAnonymous(ShardErrand.create(manner, steps, whenDone));
  }

  @Override
  public EventHandler<StreamState, StreamEvent> eventHandler() {
    return StreamState::apply;
  }

  @Override
  void recovered(StreamState state) {
    trimming = Optional.empty();
    enter(state);
  }
}
