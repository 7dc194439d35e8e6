package io.millrace.processors.mapping;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.HostedTask;
import io.millrace.engine.consumer.Worker;
import io.millrace.engine.consumer.WorkerSettings;
import io.millrace.engine.model.ApplicationName;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.storage.PersistentActor;
import io.millrace.processors.api.EventSourceMapping;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.ProcessorException;
import io.millrace.processors.api.ResourceConflictException;
import io.millrace.processors.api.ResourceNotFoundException;
import io.millrace.processors.api.ServiceException;
import io.millrace.processors.api.UpdateEventSourceMappingRequest;
import io.millrace.processors.mapping.MappingEvent.MappingChanged;
import io.millrace.processors.mapping.MappingEvent.MappingCreated;
import io.millrace.processors.mapping.MappingEvent.MappingDeleted;
import io.millrace.processors.mapping.MappingEvent.MappingDeletionStarted;
import io.millrace.processors.mapping.MappingsCommand.Create;
import io.millrace.processors.mapping.MappingsCommand.Delete;
import io.millrace.processors.mapping.MappingsCommand.FunctionRegistered;
import io.millrace.processors.mapping.MappingsCommand.Get;
import io.millrace.processors.mapping.MappingsCommand.ListAll;
import io.millrace.processors.mapping.MappingsCommand.PositionForgotten;
import io.millrace.processors.mapping.MappingsCommand.TryAgain;
import io.millrace.processors.mapping.MappingsCommand.Update;
import io.millrace.processors.mapping.MappingsCommand.WorkerJoined;
import io.millrace.processors.mapping.MappingsCommand.WorkerRefused;
import io.millrace.processors.mapping.MappingsCommand.WorkerStarted;
import io.millrace.processors.mapping.MappingsCommand.WorkerStopped;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;

/**
 * Knows the mappings of an engine and sees to it that each runs that is to run. What survives a
 * restart: the mappings and their options; their positions are kept with their applications. What
 * runs is begun anew: after every change, {@link #reconcile} compares what runs with what should.
 * Commands that arrive during recovery or a write are stashed.
 */
final class MappingsActor extends PersistentActor<MappingsCommand, MappingEvent, MappingsState> {

  static final String PERSISTENCE_ID = "processors|mappings";

  private static final String STOPPED = "Its worker has stopped.";
  private static final int SNAPSHOT_EVERY = 100;

  private final ActorContext<MappingsCommand> context;
  private final MappingsSurroundings around;

  // Lost at a restart, on purpose.
  private final Map<String, MappingRun> runs = new HashMap<>();
  private final Set<String> forgetting = new HashSet<>();

  static Behavior<MappingsCommand> create(MappingsSurroundings around) {
    return Behaviors.supervise(
            Behaviors.<MappingsCommand>setup(context -> new MappingsActor(context, around)))
        .onFailure(
            SupervisorStrategy.restartWithBackoff(around.minBackoff(), around.maxBackoff(), 0.2));
  }

  private MappingsActor(ActorContext<MappingsCommand> context, MappingsSurroundings around) {
    super(
        PERSISTENCE_ID,
        SupervisorStrategy.restartWithBackoff(around.minBackoff(), around.maxBackoff(), 0.2),
        around.plugin(),
        snapshotEvery(SNAPSHOT_EVERY).withDeleteEventsOnSnapshot());
    this.context = context;
    this.around = around;
  }

  @Override
  public MappingsState emptyState() {
    return MappingsState.EMPTY;
  }

  @Override
  public CommandHandlerWithReply<MappingsCommand, MappingEvent, MappingsState> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Create.class, this::onCreate)
        .onCommand(Get.class, this::onGet)
        .onCommand(ListAll.class, this::onListAll)
        .onCommand(Update.class, this::onUpdate)
        .onCommand(Delete.class, this::onDelete)
        .onCommand(FunctionRegistered.class, this::onFunctionRegistered)
        .onCommand(WorkerStarted.class, this::onWorkerStarted)
        .onCommand(WorkerJoined.class, this::onWorkerJoined)
        .onCommand(WorkerRefused.class, this::onWorkerRefused)
        .onCommand(WorkerStopped.class, this::onWorkerStopped)
        .onCommand(PositionForgotten.class, this::onPositionForgotten)
        .onCommand(TryAgain.class, this::onTryAgain)
        .build();
  }

  private ReplyEffect<MappingEvent, MappingsState> onCreate(MappingsState state, Create command) {
    Mapping mapping = command.mapping();
    Optional<Mapping> twin =
        state.other(mapping.uuid(), mapping.eventSourceArn(), mapping.functionName());
    if (twin.isPresent()) {
      return refuse(command.replyTo(), conflict(twin.get()));
    }
    if (state.isFull()) {
      return refuse(
          command.replyTo(),
          new ResourceConflictException(
              "There are %d mappings already.".formatted(MappingsState.MAX_MAPPINGS)));
    }
    runs.put(mapping.uuid(), MappingRun.NEW);
    return persist(new MappingCreated(mapping), command.replyTo());
  }

  private static ResourceConflictException conflict(Mapping twin) {
    return new ResourceConflictException(
        "The mapping %s already feeds the function %s from %s."
            .formatted(twin.uuid(), twin.functionName(), twin.eventSourceArn()));
  }

  private ReplyEffect<MappingEvent, MappingsState> onGet(MappingsState state, Get command) {
    return state
        .mapping(command.uuid())
        .map(
            mapping ->
                Effect().reply(command.replyTo(), new MappingsReply.One(description(mapping))))
        .orElseGet(() -> refuse(command.replyTo(), notFound(command.uuid())));
  }

  private ReplyEffect<MappingEvent, MappingsState> onListAll(MappingsState state, ListAll command) {
    return Effect()
        .reply(
            command.replyTo(),
            new MappingsReply.All(
                state.mappings().values().stream().map(this::description).toList()));
  }

  private ReplyEffect<MappingEvent, MappingsState> onUpdate(MappingsState state, Update command) {
    UpdateEventSourceMappingRequest request = command.request();
    Optional<Mapping> found = state.mapping(request.uuid());
    if (found.isEmpty()) {
      return refuse(command.replyTo(), notFound(request.uuid()));
    }
    Mapping mapping = found.get();
    if (mapping.isDeleting()) {
      return refuse(command.replyTo(), deleting(mapping));
    }
    String function = request.functionName().orElse(mapping.functionName());
    Optional<Mapping> twin = state.other(mapping.uuid(), mapping.eventSourceArn(), function);
    if (twin.isPresent()) {
      return refuse(command.replyTo(), conflict(twin.get()));
    }
    boolean enabled = request.enabled().orElse(mapping.isEnabled());
    MappingOptions options = request.options().orElse(mapping.options());
    return persist(
        new MappingChanged(mapping.uuid(), function, enabled, options, command.nowMillis()),
        command.replyTo());
  }

  private ReplyEffect<MappingEvent, MappingsState> onDelete(MappingsState state, Delete command) {
    Optional<Mapping> found = state.mapping(command.uuid());
    if (found.isEmpty()) {
      return refuse(command.replyTo(), notFound(command.uuid()));
    }
    if (found.get().isDeleting()) {
      return refuse(command.replyTo(), deleting(found.get()));
    }
    return persist(
        new MappingDeletionStarted(command.uuid(), command.nowMillis()), command.replyTo());
  }

  private static ResourceConflictException deleting(Mapping mapping) {
    return new ResourceConflictException(
        "The mapping %s is being deleted.".formatted(mapping.uuid()));
  }

  private static ResourceNotFoundException notFound(String uuid) {
    return new ResourceNotFoundException("There is no mapping %s.".formatted(uuid));
  }

  private ReplyEffect<MappingEvent, MappingsState> refuse(
      ActorRef<MappingsReply> replyTo, ProcessorException error) {
    return Effect().reply(replyTo, new MappingsReply.Refused(error));
  }

  /** Persists what was decided, sees to what runs, and answers with the mapping. */
  private ReplyEffect<MappingEvent, MappingsState> persist(
      MappingEvent event, ActorRef<MappingsReply> replyTo) {
    return persist(
        List.of(event),
        failure -> replyTo.tell(new MappingsReply.Refused(new ServiceException(failure.message()))),
        state -> {
          Mapping mapping = state.mapping(event.uuid()).orElseThrow();
          reconcile(mapping);
          replyTo.tell(new MappingsReply.One(description(mapping)));
        });
  }

  private ReplyEffect<MappingEvent, MappingsState> onFunctionRegistered(
      MappingsState state, FunctionRegistered command) {
    state.mappings().values().forEach(this::reconcile);
    return Effect().noReply();
  }

  private ReplyEffect<MappingEvent, MappingsState> onWorkerStarted(
      MappingsState state, WorkerStarted command) {
    String uuid = command.uuid();
    if (command.worker().isEmpty()) {
      stopped(state, uuid, command.problem());
      return Effect().noReply();
    }
    Worker worker = command.worker().get();
    runs.put(uuid, run(uuid).started(worker));
    pipeToSelf(
        worker.joined(),
        (joined, failure) ->
            failure == null
                ? new WorkerJoined(uuid, worker)
                : new WorkerRefused(uuid, worker, problem(failure)));
    pipeToSelf(
        worker.stopped(),
        (stopped, failure) ->
            new WorkerStopped(uuid, worker, Optional.ofNullable(failure).map(this::problem)));
    if (run(uuid).isStopping()) {
      shutdown(worker);
    }
    return Effect().noReply();
  }

  private ReplyEffect<MappingEvent, MappingsState> onWorkerJoined(
      MappingsState state, WorkerJoined command) {
    runs.computeIfPresent(
        command.uuid(), (uuid, run) -> run.isOf(command.worker()) ? run.joined() : run);
    return Effect().noReply();
  }

  private ReplyEffect<MappingEvent, MappingsState> onWorkerRefused(
      MappingsState state, WorkerRefused command) {
    if (run(command.uuid()).isOf(command.worker())) {
      stopped(state, command.uuid(), Optional.of(command.problem()));
    }
    return Effect().noReply();
  }

  private ReplyEffect<MappingEvent, MappingsState> onWorkerStopped(
      MappingsState state, WorkerStopped command) {
    if (run(command.uuid()).isOf(command.worker())) {
      stopped(state, command.uuid(), command.problem());
    }
    return Effect().noReply();
  }

  /** A worker that was told to stop has done so; one that stops by itself is replaced later. */
  private void stopped(MappingsState state, String uuid, Optional<String> problem) {
    MappingRun run = run(uuid);
    runs.put(
        uuid,
        run.stopped(run.isStopping() ? Optional.empty() : problem.or(() -> Optional.of(STOPPED))));
    resumeLater(uuid);
    state.mapping(uuid).ifPresent(this::reconcile);
  }

  private void resumeLater(String uuid) {
    if (run(uuid).isPausing()) {
      context.scheduleOnce(around.maxBackoff(), context.getSelf(), new TryAgain(uuid));
    }
  }

  private ReplyEffect<MappingEvent, MappingsState> onTryAgain(
      MappingsState state, TryAgain command) {
    runs.computeIfPresent(command.uuid(), (uuid, run) -> run.resumed());
    state.mapping(command.uuid()).ifPresent(this::reconcile);
    return Effect().noReply();
  }

  private ReplyEffect<MappingEvent, MappingsState> onPositionForgotten(
      MappingsState state, PositionForgotten command) {
    forgetting.remove(command.uuid());
    if (state.mapping(command.uuid()).isEmpty()) {
      return Effect().noReply();
    }
    if (command.problem().isPresent()) {
      runs.put(command.uuid(), run(command.uuid()).stopped(command.problem()));
      resumeLater(command.uuid());
      return Effect().noReply();
    }
    return persist(
        List.of(new MappingDeleted(command.uuid())),
        failure -> {},
        next -> {
          runs.remove(command.uuid());
          around.meters().forget(command.uuid());
        });
  }

  /** Starts what should run, stops what should not, or not as it does. */
  private void reconcile(Mapping mapping) {
    MappingRun run = run(mapping.uuid());
    if (run.isOn()) {
      boolean mayGoOn = mapping.wantsToRun() && run.runsAs().filter(mapping::runsLike).isPresent();
      if (!mayGoOn && !run.isStopping()) {
        runs.put(mapping.uuid(), run.stopping());
        run.worker().ifPresent(MappingsActor::shutdown);
      }
    } else if (run.isPausing()) {
      return;
    } else if (mapping.isDeleting()) {
      forget(mapping);
    } else if (mapping.isEnabled() && isFunctionThere(mapping)) {
      start(mapping);
    }
  }

  private void start(Mapping mapping) {
    String uuid = mapping.uuid();
    runs.put(uuid, run(uuid).starting(mapping));
    WorkerSettings settings =
        new WorkerSettings(
            application(mapping),
            mapping.streamName(),
            uuid,
            initial(mapping.startingPosition()),
            Integer.MAX_VALUE);
    pipeToSelf(
        around
            .applications()
            .worker(
                settings,
                () ->
                    new HostedTask<>(
                        around.host(), new ShardActor.Work(around.equipment(), mapping))),
        (worker, failure) ->
            new WorkerStarted(
                uuid,
                Optional.ofNullable(worker),
                Optional.ofNullable(failure).map(this::problem)));
  }

  /** As that of the context, but never with null, which cannot be logged when it comes too late. */
  private <T> void pipeToSelf(
      CompletionStage<T> stage, BiFunction<T, Throwable, MappingsCommand> message) {
    context.pipeToSelf(stage.handle(message), (told, never) -> told);
  }

  private static void shutdown(Worker worker) {
    // That it has stopped is awaited since its start.
    var unused = worker.shutdown();
  }

  private void forget(Mapping mapping) {
    if (forgetting.add(mapping.uuid())) {
      pipeToSelf(
          around.applications().forget(application(mapping)),
          (forgotten, failure) ->
              new PositionForgotten(
                  mapping.uuid(), Optional.ofNullable(failure).map(this::problem)));
    }
  }

  private static ApplicationName application(Mapping mapping) {
    return new ApplicationName("mapping-" + mapping.uuid());
  }

  private static CheckpointPosition initial(StartingPosition position) {
    return switch (position.type()) {
      case TRIM_HORIZON -> CheckpointPosition.TRIM_HORIZON;
      case AT_TIMESTAMP -> CheckpointPosition.atTimestamp(position.timestamp());
      default -> CheckpointPosition.LATEST;
    };
  }

  private String problem(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private MappingRun run(String uuid) {
    return runs.getOrDefault(uuid, MappingRun.IDLE);
  }

  private boolean isFunctionThere(Mapping mapping) {
    return around.functions().find(mapping.functionName()).isPresent();
  }

  private EventSourceMapping description(Mapping mapping) {
    MappingRun run = run(mapping.uuid());
    return new EventSourceMapping(
        mapping.uuid(),
        mapping.eventSourceArn(),
        mapping.functionName(),
        mapping.startingPosition(),
        mapping.options(),
        mapping.tags(),
        run.state(mapping),
        run.reason(mapping, isFunctionThere(mapping)),
        Instant.ofEpochMilli(mapping.lastModifiedMillis()),
        around.meters().of(mapping.uuid()).lastResult());
  }

  @Override
  public EventHandler<MappingsState, MappingEvent> eventHandler() {
    return MappingsState::apply;
  }

  @Override
  protected void recovered(MappingsState state) {
    state.mappings().values().forEach(this::reconcile);
  }
}
