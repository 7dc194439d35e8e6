package io.millrace.processors.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.consumer.HostedTask;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Record;
import io.millrace.processors.api.MappingOptions;
import io.millrace.processors.api.OnFailure;
import io.millrace.processors.event.EventJson;
import io.millrace.processors.event.EventOrigin;
import io.millrace.processors.event.NoticeJson;
import io.millrace.processors.event.RecordFilter;
import io.millrace.processors.function.ProcessorEvent;
import io.millrace.processors.lane.Discard;
import io.millrace.processors.lane.Invocation;
import io.millrace.processors.lane.LanesState;
import io.millrace.processors.lane.Moment;
import io.millrace.processors.lane.Outcome;
import io.millrace.processors.lane.ShardLanes;
import io.millrace.processors.lane.Step;
import io.millrace.processors.lane.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.typed.javadsl.ActorSink;

/**
 * Works on one leased shard of a mapping: reads it with backpressure, does what its lanes say, and
 * stores how far they are. All that is decided is decided by {@link ShardLanes}; here things only
 * happen. Stops when the shard is finished, drained, lost, or cannot be read.
 */
final class ShardActor extends AbstractBehavior<ShardActor.Command> {

  private static final String WAKE = "wake";
  private static final String STORE = "store";
  private static final int NOTICE_ATTEMPTS = 5;

  private final TimerScheduler<Command> timers;
  private final ShardEquipment equipment;
  private final Mapping mapping;
  private final LeasedShard shard;
  private final EventOrigin origin;
  private final MappingMeter meter;
  private final ShardLanes lanes;
  private final CompletableFuture<Void> done;

  private Optional<ActorRef<Ack>> awaitingAck = Optional.empty();
  private final Map<Integer, String> requests = new HashMap<>();

  /** Lanes whose last call failed and whose records are not given up. */
  private final Set<Integer> failed = new HashSet<>();

  private Tally counted = Tally.NONE;
  private Standing stored;
  private Optional<Standing> storing = Optional.empty();
  private boolean storeFailed;
  private Optional<CompletableFuture<Void>> drained = Optional.empty();

  /** What it understands. */
  sealed interface Command {}

  /** More records may come. */
  enum Ack {
    GO_ON
  }

  private record Begin(ActorRef<Ack> ackTo) implements Command {}

  private record Arrived(ActorRef<Ack> ackTo, ShardRecords page) implements Command {}

  private record Exhausted() implements Command {}

  private record Unreadable(Throwable failure) implements Command {}

  private record Called(int lane, Outcome outcome, long sinceNanos, OptionalLong lastArrivalMillis)
      implements Command {}

  private record Notified(int lane, Discard discard, int attempts, Optional<Throwable> failure)
      implements Command {}

  private record NotifyAgain(int lane, Discard discard, int attempts) implements Command {}

  private record Stored(Standing standing, Optional<Throwable> failure) implements Command {}

  private enum Tick implements Command {
    WAKE,
    STORE_AGAIN
  }

  /** Begin nothing any more; when all that runs has ended and is stored, say so and stop. */
  record Drain(CompletableFuture<Void> drained) implements Command {}

  /** Stop at once. */
  enum Lost implements Command {
    NOW
  }

  /** The work of a mapping on a shard. */
  record Work(ShardEquipment equipment, Mapping mapping) implements HostedTask.Work<Command> {

    @Override
    public Behavior<Command> begin(LeasedShard shard, CompletableFuture<Void> done) {
      return create(equipment, mapping, shard, done);
    }

    @Override
    public Command drain(CompletableFuture<Void> drained) {
      return new Drain(drained);
    }

    @Override
    public Command lose() {
      return Lost.NOW;
    }
  }

  /**
   * How far a shard is.
   *
   * @param checkpoint everything up to here is finished
   * @param state what the lanes remember beside it
   */
  private record Standing(CheckpointPosition checkpoint, LanesState state) {}

  private ShardActor(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ShardEquipment equipment,
      Mapping mapping,
      LeasedShard shard,
      CompletableFuture<Void> done) {
    super(context);
    this.timers = timers;
    this.equipment = equipment;
    this.mapping = mapping;
    this.shard = shard;
    this.done = done;
    this.origin = equipment.origin(mapping, shard.shardId());
    this.meter = equipment.meters().of(mapping.uuid());
    LanesState state = shard.startingState().map(LanesStateFormat::read).orElse(LanesState.EMPTY);
    this.stored = new Standing(shard.startingCheckpoint(), state);
    this.lanes =
        new ShardLanes(
            mapping.options(),
            state,
            RecordFilter.of(mapping.options().filterCriteria()),
            EventJson::payloadBytes);
  }

  /**
   * The work on a shard.
   *
   * @param done completed when the shard is finished and that is stored; fails when the work cannot
   *     go on
   */
  static Behavior<Command> create(
      ShardEquipment equipment, Mapping mapping, LeasedShard shard, CompletableFuture<Void> done) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  try {
                    ShardActor actor =
                        new ShardActor(context, timers, equipment, mapping, shard, done);
                    actor.read();
                    return actor;
                  } catch (RuntimeException failure) {
                    done.completeExceptionally(failure);
                    return Behaviors.stopped();
                  }
                }));
  }

  private void read() {
    equipment
        .retrievals()
        .apply(mapping.eventSourceArn())
        .records(shard.streamName(), shard.shardId(), shard.startingPosition())
        .runWith(
            ActorSink.actorRefWithBackpressure(
                getContext().getSelf(),
                Arrived::new,
                Begin::new,
                Ack.GO_ON,
                new Exhausted(),
                Unreadable::new),
            Materializer.createMaterializer(getContext()));
    advance();
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Begin.class, this::onBegin)
        .onMessage(Arrived.class, this::onArrived)
        .onMessage(Exhausted.class, exhausted -> this)
        .onMessage(Unreadable.class, unreadable -> fail(unreadable.failure()))
        .onMessage(Called.class, this::onCalled)
        .onMessage(Notified.class, this::onNotified)
        .onMessage(NotifyAgain.class, this::onNotifyAgain)
        .onMessage(Stored.class, this::onStored)
        .onMessageEquals(Tick.WAKE, this::advance)
        .onMessageEquals(Tick.STORE_AGAIN, this::onStoreAgain)
        .onMessage(Drain.class, this::onDrain)
        .onMessageEquals(Lost.NOW, Behaviors::stopped)
        .build();
  }

  private Behavior<Command> onBegin(Begin begin) {
    begin.ackTo().tell(Ack.GO_ON);
    return this;
  }

  private Behavior<Command> onArrived(Arrived arrived) {
    lanes.offer(arrived.page(), now());
    awaitingAck = Optional.of(arrived.ackTo());
    return advance();
  }

  private Behavior<Command> onCalled(Called called) {
    Moment now = now();
    OptionalLong age =
        called.lastArrivalMillis().isPresent()
            ? OptionalLong.of(
                Math.max(0, now.epochMillis() - called.lastArrivalMillis().getAsLong()))
            : OptionalLong.empty();
    meter.called(called.outcome(), now.nanoTime() - called.sinceNanos(), age);
    if (MappingMeter.isFailure(called.outcome())) {
      failed.add(called.lane());
    }
    lanes.completed(called.lane(), called.outcome(), now);
    return advance();
  }

  private Behavior<Command> onNotified(Notified notified) {
    if (notified.failure().isPresent()) {
      String why = notified.failure().get().toString();
      if (notified.attempts() < NOTICE_ATTEMPTS) {
        timers.startSingleTimer(
            "notice-" + notified.lane(),
            new NotifyAgain(notified.lane(), notified.discard(), notified.attempts()),
            equipment.storeRetry());
        return this;
      }
      meter.noticeFailed();
      getContext().getLog().warn("A notice of mapping {} is lost: {}", mapping.uuid(), why);
    }
    lanes.reported(notified.lane());
    return advance();
  }

  private Behavior<Command> onNotifyAgain(NotifyAgain again) {
    notify(again.lane(), again.discard(), again.attempts() + 1);
    return this;
  }

  private Behavior<Command> onStored(Stored result) {
    storing = Optional.empty();
    if (result.failure().isEmpty()) {
      stored = result.standing();
      return advance();
    }
    Throwable failure = result.failure().get();
    if (!(failure instanceof MillraceException)) {
      return fail(failure);
    }
    getContext().getLog().warn("Checkpoint of {} failed: {}", origin.shardId(), failure.toString());
    storeFailed = true;
    timers.startSingleTimer(STORE, Tick.STORE_AGAIN, equipment.storeRetry());
    return advance();
  }

  private Behavior<Command> onStoreAgain() {
    storeFailed = false;
    return advance();
  }

  private Behavior<Command> onDrain(Drain drain) {
    lanes.stop();
    drained = Optional.of(drain.drained());
    return advance();
  }

  /** Does all that can be done now. */
  private Behavior<Command> advance() {
    Moment now = now();
    for (Step step : lanes.steps(now)) {
      if (step instanceof Step.Invoke invoke) {
        call(invoke.lane(), invoke.invocation());
      } else if (step instanceof Step.Report report) {
        failed.remove(report.lane());
        requests.putIfAbsent(report.lane(), equipment.requestIds().get());
        notify(report.lane(), report.discard(), 1);
      }
    }
    Tally tally = lanes.tally();
    meter.passed(tally.since(counted));
    counted = tally;
    askForMore();
    store();
    timers.cancel(WAKE);
    lanes
        .wakeUpNanos(now)
        .ifPresent(
            nanos -> timers.startSingleTimer(WAKE, Tick.WAKE, Duration.ofNanos(roundedUp(nanos))));
    return next();
  }

  /** Timers count milliseconds; one that fires early would only be set again. */
  private static long roundedUp(long nanos) {
    long millis = Duration.ofNanos(nanos).toMillis();
    return Duration.ofMillis(millis + 1).toNanos();
  }

  private void call(int lane, Invocation invocation) {
    String requestId = equipment.requestIds().get();
    requests.put(lane, requestId);
    List<Record> records = invocation.records();
    OptionalLong lastArrival =
        records.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(
                records.get(records.size() - 1).approximateArrivalTimestamp().toEpochMilli());
    meter.calls(records.size(), failed.remove(lane));
    long sinceNanos = now().nanoTime();
    pipeToSelf(
        outcome(new ProcessorEvent(origin, invocation, readsResponse(invocation)), requestId),
        (outcome, failure) ->
            new Called(
                lane,
                failure == null ? outcome : new Outcome.NotReached(failure.toString()),
                sinceNanos,
                lastArrival));
  }

  private boolean readsResponse(Invocation invocation) {
    MappingOptions options = mapping.options();
    return options.reportBatchItemFailures() || invocation.window().isPresent();
  }

  private CompletionStage<Outcome> outcome(ProcessorEvent event, String requestId) {
    return equipment
        .functions()
        .find(mapping.functionName())
        .map(function -> equipment.calls().call(function, event, requestId))
        .orElseGet(
            () ->
                CompletableFuture.completedStage(
                    new Outcome.NotReached(
                        "The function %s is not registered.".formatted(mapping.functionName()))));
  }

  private void notify(int lane, Discard discard, int attempts) {
    Optional<OnFailure> destination = mapping.options().onFailure();
    if (attempts == 1) {
      getContext()
          .getLog()
          .warn(
              "Mapping {} gives up {} records of {}: {}",
              mapping.uuid(),
              discard.records().size(),
              origin.shardId(),
              discard.condition().apiName());
    }
    Instant now = Instant.ofEpochMilli(equipment.clock().epochMillis());
    JsonNode notice = NoticeJson.of(discard, origin, requests.get(lane), now);
    pipeToSelf(
        destination
            .map(to -> equipment.destinations().send(to, shard.shardId(), notice))
            .orElseGet(() -> CompletableFuture.completedStage(null)),
        (sent, failure) -> new Notified(lane, discard, attempts, unwrapped(failure)));
  }

  /** As that of the context, but never with null, which cannot be logged when it comes too late. */
  private <T> void pipeToSelf(CompletionStage<T> stage, BiFunction<T, Throwable, Command> message) {
    getContext().pipeToSelf(stage.handle(message), (told, never) -> told);
  }

  private void askForMore() {
    if (drained.isEmpty() && lanes.hasRoom()) {
      awaitingAck.ifPresent(reader -> reader.tell(Ack.GO_ON));
      awaitingAck = Optional.empty();
    }
  }

  /**
   * Stores how far the lanes are, if that is news. One write at a time; the next one has it all.
   */
  private void store() {
    Standing standing = standing();
    if (storing.isEmpty() && !storeFailed && !standing.equals(stored)) {
      storing = Optional.of(standing);
      pipeToSelf(
          shard.checkpoint(standing.checkpoint(), LanesStateFormat.write(standing.state())),
          (nothing, failure) -> new Stored(standing, unwrapped(failure)));
    }
  }

  private Standing standing() {
    if (lanes.isFinished()) {
      return new Standing(CheckpointPosition.SHARD_END, LanesState.EMPTY);
    }
    return new Standing(
        lanes.checkpoint().map(CheckpointPosition::after).orElse(shard.startingCheckpoint()),
        lanes.state());
  }

  private Behavior<Command> next() {
    if (storing.isPresent()) {
      return this;
    }
    if (stored.checkpoint().isShardEnd()) {
      done.complete(null);
      drained.ifPresent(waiting -> waiting.complete(null));
      return Behaviors.stopped();
    }
    if (drained.isPresent() && lanes.isQuiet()) {
      drained.get().complete(null);
      return Behaviors.stopped();
    }
    return this;
  }

  private Behavior<Command> fail(Throwable failure) {
    done.completeExceptionally(failure);
    drained.ifPresent(waiting -> waiting.completeExceptionally(failure));
    return Behaviors.stopped();
  }

  private static Optional<Throwable> unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? Optional.of(failure.getCause())
        : Optional.ofNullable(failure);
  }

  private Moment now() {
    return equipment.now(mapping.streamName());
  }
}
