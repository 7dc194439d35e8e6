package io.millrace.channels.directory;

import io.millrace.channels.delivery.Delivery;
import io.millrace.channels.directory.ChannelEvent.ChannelActivated;
import io.millrace.channels.directory.ChannelEvent.ChannelCreated;
import io.millrace.channels.directory.ChannelEvent.ChannelDeleted;
import io.millrace.channels.directory.ChannelEvent.ChannelDeletionStarted;
import io.millrace.channels.directory.ChannelEvent.ChannelFailed;
import io.millrace.channels.directory.ChannelEvent.ChannelTagged;
import io.millrace.channels.directory.ChannelEvent.ChannelUpdated;
import io.millrace.channels.directory.ChannelsCommand.Applied;
import io.millrace.channels.directory.ChannelsCommand.ChangeTags;
import io.millrace.channels.directory.ChannelsCommand.Create;
import io.millrace.channels.directory.ChannelsCommand.Delete;
import io.millrace.channels.directory.ChannelsCommand.Fail;
import io.millrace.channels.directory.ChannelsCommand.PositionForgotten;
import io.millrace.channels.directory.ChannelsCommand.TryAgain;
import io.millrace.channels.directory.ChannelsCommand.Update;
import io.millrace.channels.directory.ChannelsCommand.WorkerJoined;
import io.millrace.channels.directory.ChannelsCommand.WorkerStarted;
import io.millrace.channels.directory.ChannelsCommand.WorkerStopped;
import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.UpdateChannelRequest;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.ChannelStatus;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.storage.PersistentActor;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;

/**
 * Knows the channels of an engine and sees to it that each delivers that is to. What survives a
 * restart: the channels and their status; how far they are is kept with their applications. What
 * runs is begun anew: after every change, {@link #reconcile} compares what runs with what should.
 * Commands that arrive during recovery or a write are stashed.
 */
final class ChannelsActor extends PersistentActor<ChannelsCommand, ChannelEvent, ChannelsState> {

  static final String PERSISTENCE_ID = "channels|channels";

  private static final int SNAPSHOT_EVERY = 100;
  private static final int MAX_TAGS = 50;

  private final ActorContext<ChannelsCommand> context;
  private final ChannelsSurroundings around;

  // Lost at a restart, on purpose.
  private final Map<String, ChannelRun> runs = new HashMap<>();
  private final Set<String> forgetting = new HashSet<>();

  static Behavior<ChannelsCommand> create(ChannelsSurroundings around) {
    return Behaviors.supervise(
            Behaviors.<ChannelsCommand>setup(context -> new ChannelsActor(context, around)))
        .onFailure(restarts(around));
  }

  private static BackoffSupervisorStrategy restarts(ChannelsSurroundings around) {
    return SupervisorStrategy.restartWithBackoff(
        around.settings().minBackoff(), around.settings().maxBackoff(), 0.2);
  }

  private ChannelsActor(ActorContext<ChannelsCommand> context, ChannelsSurroundings around) {
    super(
        PERSISTENCE_ID,
        restarts(around),
        around.plugin(),
        snapshotEvery(SNAPSHOT_EVERY).withDeleteEventsOnSnapshot());
    this.context = context;
    this.around = around;
  }

  @Override
  public ChannelsState emptyState() {
    return ChannelsState.EMPTY;
  }

  @Override
  public CommandHandlerWithReply<ChannelsCommand, ChannelEvent, ChannelsState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Create.class, this::onCreate)
        .onCommand(Update.class, this::onUpdate)
        .onCommand(Delete.class, this::onDelete)
        .onCommand(ChangeTags.class, this::onChangeTags)
        .onCommand(Applied.class, this::onApplied)
        .onCommand(Fail.class, this::onFail)
        .onCommand(WorkerStarted.class, this::onWorkerStarted)
        .onCommand(WorkerJoined.class, this::onWorkerJoined)
        .onCommand(WorkerStopped.class, this::onWorkerStopped)
        .onCommand(PositionForgotten.class, this::onPositionForgotten)
        .onCommand(TryAgain.class, this::onTryAgain)
        .build();
  }

  // requests

  private ReplyEffect<ChannelEvent, ChannelsState> onCreate(ChannelsState state, Create command) {
    Channel channel = command.channel();
    if (state.named(channel.name()).isPresent()) {
      return refuse(
          command.replyTo(),
          new ResourceInUseException("Channel %s already exists.".formatted(channel.name())));
    }
    if (state.besides(channel).size() >= around.settings().maxPerStream()) {
      return refuse(
          command.replyTo(),
          LimitExceededException.refused(
              "Stream %s may have %d channels of this destination."
                  .formatted(channel.stream().streamName(), around.settings().maxPerStream())));
    }
    if (state.channels().size() >= around.settings().maxChannels()) {
      return refuse(
          command.replyTo(),
          LimitExceededException.refused(
              "The account may have %d channels.".formatted(around.settings().maxChannels())));
    }
    return persist(new ChannelCreated(channel), command.replyTo());
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onUpdate(ChannelsState state, Update command) {
    UpdateChannelRequest request = command.request();
    Optional<Channel> found = state.withArn(request.channelARN());
    if (found.isEmpty()) {
      return refuse(command.replyTo(), notFound(request.channelARN()));
    }
    Channel channel = found.get();
    if (channel.status() != ChannelStatus.ACTIVE) {
      return refuse(command.replyTo(), notActive(channel));
    }
    int freshness =
        request.s3DestinationConfiguration() == null
            ? channel.destination().dataFreshnessInSeconds()
            : request.s3DestinationConfiguration().dataFreshnessInSeconds();
    return persist(
        new ChannelUpdated(
            channel.name(),
            freshness,
            LogNames.completed(
                request.loggingConfiguration() == null
                    ? null
                    : request.loggingConfiguration().cloudWatchLogs(),
                channel.logs())),
        command.replyTo());
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onDelete(ChannelsState state, Delete command) {
    Optional<Channel> found = state.withArn(command.arn());
    if (found.isEmpty()) {
      return refuse(command.replyTo(), notFound(command.arn()));
    }
    if (found.get().status() == ChannelStatus.DELETING) {
      return Effect().reply(command.replyTo(), new ChannelsReply.One(found.get()));
    }
    return persist(new ChannelDeletionStarted(found.get().name()), command.replyTo());
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onChangeTags(
      ChannelsState state, ChangeTags command) {
    Optional<Channel> found = state.withArn(command.arn());
    if (found.isEmpty()) {
      return refuse(command.replyTo(), notFound(command.arn()));
    }
    Channel channel = found.get();
    if (channel.status() == ChannelStatus.DELETING) {
      return refuse(command.replyTo(), notActive(channel));
    }
    Map<String, String> next = command.change().apply(channel.tags());
    if (next.size() > MAX_TAGS) {
      return refuse(
          command.replyTo(),
          new InvalidArgumentException(
              "A resource has %d tags at most, not %d.".formatted(MAX_TAGS, next.size())));
    }
    return persist(new ChannelTagged(channel.name(), next), command.replyTo());
  }

  private static ResourceNotFoundException notFound(String arn) {
    return new ResourceNotFoundException("Channel %s not found.".formatted(arn));
  }

  private static ResourceInUseException notActive(Channel channel) {
    return new ResourceInUseException(
        "Channel %s not ACTIVE, instead in state %s.".formatted(channel.name(), channel.status()));
  }

  private ReplyEffect<ChannelEvent, ChannelsState> refuse(
      ActorRef<ChannelsReply> replyTo, MillraceException error) {
    return Effect().reply(replyTo, new ChannelsReply.Refused(error));
  }

  /** Persists what was decided, sees to what runs, and answers with the channel. */
  private ReplyEffect<ChannelEvent, ChannelsState> persist(
      ChannelEvent event, ActorRef<ChannelsReply> replyTo) {
    return persist(
        List.of(event),
        failure ->
            replyTo.tell(
                new ChannelsReply.Refused(
                    failure.isCertain()
                        ? InternalFailureException.notWritten(failure.message())
                        : InternalFailureException.unknown(failure.message()))),
        state -> {
          Channel channel = state.named(event.name()).orElseThrow();
          published(state);
          replyTo.tell(new ChannelsReply.One(channel));
          reconcile(channel);
        });
  }

  /** Persists what has come about by itself. When that fails, recovery brings it about again. */
  private ReplyEffect<ChannelEvent, ChannelsState> persist(
      ChannelEvent event, Consumer<ChannelsState> afterwards) {
    return persist(
        List.of(event),
        failure -> {},
        state -> {
          published(state);
          afterwards.accept(state);
        });
  }

  private void published(ChannelsState state) {
    around.publish().accept(state);
  }

  // what becomes of channels

  private ReplyEffect<ChannelEvent, ChannelsState> onApplied(ChannelsState state, Applied command) {
    return state
        .withId(command.id())
        .filter(channel -> channel.status() == ChannelStatus.UPDATING)
        .map(channel -> persist(new ChannelActivated(channel.name()), next -> {}))
        .orElseGet(() -> Effect().noReply());
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onFail(ChannelsState state, Fail command) {
    return state
        .withId(command.id())
        .filter(Channel::wantsToRun)
        .map(
            channel ->
                persist(
                    new ChannelFailed(channel.name(), command.reason()),
                    next -> reconcile(next.named(channel.name()).orElseThrow())))
        .orElseGet(() -> Effect().noReply());
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onWorkerStarted(
      ChannelsState state, WorkerStarted command) {
    String id = command.id();
    if (command.worker().isEmpty()) {
      return stopped(state, id, command.problem());
    }
    Worker worker = command.worker().get();
    runs.put(id, run(id).started(worker));
    pipeToSelf(
        worker.joined(),
        (joined, failure) ->
            new WorkerJoined(id, worker, Optional.ofNullable(failure).map(this::problem)));
    pipeToSelf(worker.stopped(), (stopped, failure) -> new WorkerStopped(id, worker));
    if (run(id).isStopping()) {
      shutdown(worker);
    }
    return Effect().noReply();
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onWorkerJoined(
      ChannelsState state, WorkerJoined command) {
    if (!run(command.id()).isOf(command.worker())) {
      return Effect().noReply();
    }
    if (command.problem().isPresent()) {
      return stopped(state, command.id(), command.problem());
    }
    return state
        .withId(command.id())
        .filter(channel -> channel.status() == ChannelStatus.CREATING)
        .map(channel -> persist(new ChannelActivated(channel.name()), next -> {}))
        .orElseGet(() -> Effect().noReply());
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onWorkerStopped(
      ChannelsState state, WorkerStopped command) {
    return run(command.id()).isOf(command.worker())
        ? stopped(state, command.id(), Optional.empty())
        : Effect().noReply();
  }

  /** A worker that was told to stop has done so; one that stops by itself is replaced later. */
  private ReplyEffect<ChannelEvent, ChannelsState> stopped(
      ChannelsState state, String id, Optional<String> problem) {
    problem.ifPresent(why -> context.getLog().warn("Channel {} does not deliver: {}", id, why));
    if (run(id).isStopping()) {
      runs.remove(id);
    } else {
      pause(id);
    }
    state.withId(id).ifPresent(this::reconcile);
    return Effect().noReply();
  }

  private void pause(String id) {
    runs.put(id, ChannelRun.PAUSING);
    context.scheduleOnce(around.settings().maxBackoff(), context.getSelf(), new TryAgain(id));
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onTryAgain(
      ChannelsState state, TryAgain command) {
    runs.remove(command.id(), ChannelRun.PAUSING);
    state.withId(command.id()).ifPresent(this::reconcile);
    return Effect().noReply();
  }

  private ReplyEffect<ChannelEvent, ChannelsState> onPositionForgotten(
      ChannelsState state, PositionForgotten command) {
    forgetting.remove(command.id());
    Optional<Channel> channel = state.withId(command.id());
    if (channel.isEmpty()) {
      return Effect().noReply();
    }
    if (command.problem().isPresent()) {
      pause(command.id());
      return Effect().noReply();
    }
    return persist(
        new ChannelDeleted(channel.get().name()),
        next -> {
          runs.remove(command.id());
          around.meters().forget(channel.get().name());
        });
  }

  // what runs

  /** Starts what should run, stops what should not, and goes on with what is on its way. */
  private void reconcile(Channel channel) {
    ChannelRun run = run(channel.id());
    if (channel.status() == ChannelStatus.UPDATING) {
      context.getSelf().tell(new Applied(channel.id()));
    }
    if (run.isOn()) {
      if (!channel.wantsToRun() && !run.isStopping()) {
        runs.put(channel.id(), run.stopping());
        run.worker().ifPresent(ChannelsActor::shutdown);
      }
    } else if (run.isPausing()) {
      return;
    } else if (channel.status() == ChannelStatus.DELETING) {
      forget(channel);
    } else if (channel.wantsToRun()) {
      start(channel);
    }
  }

  private void start(Channel channel) {
    String id = channel.id();
    boolean isStreamThere =
        around.views().find(channel.stream().streamName()).filter(channel::reads).isPresent();
    if (!isStreamThere) {
      context
          .getSelf()
          .tell(new Fail(id, "The stream %s is not there.".formatted(channel.stream())));
      return;
    }
    runs.put(id, ChannelRun.STARTING);
    WorkerSettings settings =
        new WorkerSettings(
            application(channel),
            channel.stream().streamName(),
            id,
            CheckpointPosition.atTimestamp(Instant.ofEpochMilli(channel.createdMillis())),
            Integer.MAX_VALUE);
    Delivery delivery = channel.delivery();
    pipeToSelf(
        CompletableFuture.supplyAsync(
            () -> {
              around.buckets().ifPresent(buckets -> buckets.clear(id));
              return around.consumers().worker(settings, () -> around.tasks().apply(delivery));
            },
            around.blocking()),
        (worker, failure) ->
            new WorkerStarted(
                id, Optional.ofNullable(worker), Optional.ofNullable(failure).map(this::problem)));
  }

  /** As that of the context, but never with null, which cannot be logged when it comes too late. */
  private <T> void pipeToSelf(
      CompletionStage<T> stage, BiFunction<T, Throwable, ChannelsCommand> message) {
    context.pipeToSelf(stage.handle(message), (told, never) -> told);
  }

  private static void shutdown(Worker worker) {
    // That it has stopped is awaited since its start.
    var unused = worker.shutdown();
  }

  private void forget(Channel channel) {
    if (forgetting.add(channel.id())) {
      pipeToSelf(
          around.consumers().delete(application(channel)),
          (forgotten, failure) ->
              new PositionForgotten(channel.id(), Optional.ofNullable(failure).map(this::problem)));
    }
  }

  private static ApplicationName application(Channel channel) {
    return new ApplicationName("channel-" + channel.id());
  }

  private String problem(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private ChannelRun run(String id) {
    return runs.getOrDefault(id, ChannelRun.IDLE);
  }

  @Override
  public EventHandler<ChannelsState, ChannelEvent> eventHandler() {
    return ChannelsState::apply;
  }

  @Override
  protected void recovered(ChannelsState state) {
    published(state);
    around.ready().complete(null);
    state.channels().values().forEach(this::reconcile);
  }
}
