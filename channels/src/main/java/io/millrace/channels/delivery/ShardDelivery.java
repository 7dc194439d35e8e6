package io.millrace.channels.delivery;

import io.millrace.channels.bucket.Buckets;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.consumer.HostedTask;
import io.millrace.engine.consumer.LeasedShard;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.ShardView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers one leased shard: gathers its records in an object until that is due, completes the
 * object, and checkpoints. An object is due when its oldest record is as old as the channel's
 * freshness allows, when it is large enough, at the shard's end, and when the shard is given up; a
 * reader that is behind gathers for as long as the freshness says, rather than deliver every page
 * alone. Stops when the shard is finished, drained or lost, and when it cannot be read or
 * delivered; then the lease's worker begins anew after the checkpoint.
 *
 * <p>What was delivered and not checkpointed is delivered again. The repeat begins with the same
 * record. If it ends with the same one too, it has the same key and the same content, and takes the
 * place of the first; otherwise it is an object of its own, and holds records that the other has as
 * well.
 *
 * <p>Holds one element of its retrieval, and asks for the next one when that is written.
 */
final class ShardDelivery extends AbstractBehavior<ShardDelivery.Command> {

  private static final String CHECK = "check";
  private static final String STORE = "store";

  private final TimerScheduler<Command> timers;
  private final DeliveryEquipment equipment;
  private final Delivery delivery;
  private final LeasedShard shard;
  private final Buckets buckets;
  private final HashKeyRange range;
  private final DeliveryMeter meter;
  private final CompletableFuture<Void> done;

  private Optional<ActorRef<Ack>> awaitingAck = Optional.empty();

  /** Came while something else was under way. */
  private Optional<Arrived> waiting = Optional.empty();

  private Optional<Gathering> gathering = Optional.empty();
  private CompletionStage<?> work = CompletableFuture.completedStage(null);
  private boolean isBehind;

  /** Age is looked at now and then, so that pages at hand come into one object. */
  private boolean isTimeToCheck;

  private boolean isAtEnd;

  /** Whether files are being written, or a checkpoint is being stored. */
  private boolean isBusy;

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

  private record Written(Optional<Throwable> failure) implements Command {}

  private record Delivered(Optional<ObjectWriter.Result> result, Optional<Throwable> failure)
      implements Command {}

  private record Stored(CheckpointPosition position, Optional<Throwable> failure)
      implements Command {}

  private record StoreAgain(CheckpointPosition position) implements Command {}

  private enum Tick implements Command {
    CHECK
  }

  /** Deliver what is gathered, checkpoint, say so and stop. */
  private record Drain(CompletableFuture<Void> drained) implements Command {}

  /** Stop at once. */
  private enum Lost implements Command {
    NOW
  }

  /** The delivery of a shard of a channel. */
  record Work(DeliveryEquipment equipment, Delivery delivery) implements HostedTask.Work<Command> {

    @Override
    public Behavior<Command> begin(LeasedShard shard, CompletableFuture<Void> done) {
      return create(equipment, delivery, shard, done);
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
   * An object that is being filled.
   *
   * @param sinceMillis since when, epoch milliseconds
   */
  private record Gathering(ObjectWriter writer, long sinceMillis) {}

  private ShardDelivery(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      DeliveryEquipment equipment,
      Delivery delivery,
      LeasedShard shard,
      CompletableFuture<Void> done) {
    super(context);
    this.timers = timers;
    this.equipment = equipment;
    this.delivery = delivery;
    this.shard = shard;
    this.done = done;
    this.meter = equipment.meters().of(delivery.channelName());
    this.buckets =
        equipment
            .buckets()
            .orElseThrow(
                () -> new IllegalStateException("millrace.channels.directory names no directory"));
    this.range =
        equipment
            .views()
            .find(new StreamName(shard.streamName()))
            .flatMap(stream -> stream.shard(shard.shardId()))
            .map(ShardView::range)
            .orElse(HashKeyRange.FULL);
  }

  /**
   * The delivery of a shard.
   *
   * @param done completed when the shard is finished and that is stored; fails when delivery cannot
   *     go on
   */
  private static Behavior<Command> create(
      DeliveryEquipment equipment,
      Delivery delivery,
      LeasedShard shard,
      CompletableFuture<Void> done) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  try {
                    ShardDelivery actor =
                        new ShardDelivery(context, timers, equipment, delivery, shard, done);
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
        .retrieval()
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
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Begin.class, this::onBegin)
        .onMessage(Arrived.class, this::onArrived)
        .onMessage(Exhausted.class, exhausted -> this)
        .onMessage(Unreadable.class, unreadable -> fail(unreadable.failure()))
        .onMessage(Written.class, this::onWritten)
        .onMessage(Delivered.class, this::onDelivered)
        .onMessage(Stored.class, this::onStored)
        .onMessage(StoreAgain.class, this::onStoreAgain)
        .onMessageEquals(Tick.CHECK, this::onCheck)
        .onMessage(Drain.class, this::onDrain)
        .onMessageEquals(Lost.NOW, Behaviors::stopped)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> onBegin(Begin begin) {
    awaitingAck = Optional.of(begin.ackTo());
    return advance();
  }

  private Behavior<Command> onArrived(Arrived arrived) {
    waiting = Optional.of(arrived);
    return advance();
  }

  private Behavior<Command> take(Arrived arrived) {
    waiting = Optional.empty();
    awaitingAck = Optional.of(arrived.ackTo());
    ShardRecords page = arrived.page();
    isBehind = page.millisBehindLatest() > 0;
    isAtEnd = page.isAtShardEnd();
    if (page.records().isEmpty()) {
      return advance();
    }
    if (gathering.isEmpty()) {
      ObjectWriter writer =
          new ObjectWriter(delivery, buckets, shard.shardId(), range, page.records().get(0));
      gathering = Optional.of(new Gathering(writer, equipment.clock().epochMillis()));
      meter.gathers(shard.shardId(), writer.oldest());
    }
    ObjectWriter writer = gathering.get().writer();
    isBusy = true;
    pipeToSelf(
        working(CompletableFuture.runAsync(() -> writer.add(page.records()), equipment.blocking())),
        (written, failure) -> new Written(unwrapped(failure)));
    return this;
  }

  private <T> CompletionStage<T> working(CompletionStage<T> stage) {
    work = stage;
    return stage;
  }

  private Behavior<Command> onWritten(Written written) {
    isBusy = false;
    return written.failure().isPresent() ? failDelivery(written.failure().get()) : advance();
  }

  private Behavior<Command> onCheck() {
    isTimeToCheck = true;
    return advance();
  }

  private Behavior<Command> onDrain(Drain drain) {
    drained = Optional.of(drain.drained());
    return advance();
  }

  /** Does what is to be done now, one thing at a time. */
  private Behavior<Command> advance() {
    if (isBusy) {
      return this;
    }
    boolean isDue = gathering.filter(this::isDue).isPresent();
    isTimeToCheck = false;
    if (isDue) {
      deliver(gathering.get().writer());
      return this;
    }
    if (gathering.isEmpty() && isAtEnd) {
      store(CheckpointPosition.SHARD_END);
      return this;
    }
    if (drained.isPresent()) {
      drained.get().complete(null);
      return Behaviors.stopped();
    }
    if (waiting.isPresent()) {
      return take(waiting.get());
    }
    if (gathering.isPresent() && !timers.isTimerActive(CHECK)) {
      timers.startSingleTimer(CHECK, Tick.CHECK, equipment.checkInterval());
    }
    awaitingAck.ifPresent(reader -> reader.tell(Ack.GO_ON));
    awaitingAck = Optional.empty();
    return this;
  }

  private boolean isDue(Gathering gathered) {
    if (isAtEnd
        || drained.isPresent()
        || gathered.writer().bytesIn() >= equipment.maxObjectBytes()) {
      return true;
    }
    if (!isTimeToCheck) {
      return false;
    }
    long now = equipment.clock().epochMillis();
    long since = isBehind ? gathered.sinceMillis() : gathered.writer().oldest().toEpochMilli();
    return now - since >= freshness().toMillis();
  }

  private Duration freshness() {
    return equipment
        .terms()
        .apply(delivery.channelId())
        .map(DeliveryTerms::freshness)
        .orElse(Duration.ZERO);
  }

  /** What was encrypted under a master key at its destination needs that key now. */
  private void deliver(ObjectWriter writer) {
    isBusy = true;
    CompletionStage<Void> usable =
        delivery
            .masterKey()
            .map(key -> equipment.keys().tryOut(key, delivery.channelId()))
            .orElseGet(() -> CompletableFuture.completedStage(null));
    pipeToSelf(
        working(usable.thenApplyAsync(tried -> writer.finish(), equipment.blocking())),
        (result, failure) -> new Delivered(Optional.ofNullable(result), unwrapped(failure)));
  }

  private Behavior<Command> onDelivered(Delivered delivered) {
    if (delivered.failure().isPresent()) {
      return failDelivery(delivered.failure().get());
    }
    ObjectWriter.Result result = delivered.result().orElseThrow();
    meter.delivered(result);
    log()
        .ifPresent(
            log ->
                log.info(
                    "{} of {}: {} records delivered, {} refused: {}",
                    delivery.channelName(),
                    shard.shardId(),
                    result.delivered(),
                    result.refused(),
                    result.keys()));
    store(CheckpointPosition.after(result.last()));
    return this;
  }

  private void store(CheckpointPosition position) {
    isBusy = true;
    pipeToSelf(
        shard.checkpoint(position), (nothing, failure) -> new Stored(position, unwrapped(failure)));
  }

  private Behavior<Command> onStored(Stored stored) {
    if (stored.failure().isPresent()) {
      Throwable failure = stored.failure().get();
      if (!(failure instanceof MillraceException)) {
        return fail(failure);
      }
      getContext()
          .getLog()
          .warn("Checkpoint of {} failed: {}", shard.shardId(), failure.toString());
      timers.startSingleTimer(STORE, new StoreAgain(stored.position()), equipment.storeRetry());
      return this;
    }
    isBusy = false;
    gathering = Optional.empty();
    meter.gathersNothing(shard.shardId());
    if (stored.position().isShardEnd()) {
      done.complete(null);
      drained.ifPresent(waiting -> waiting.complete(null));
      return Behaviors.stopped();
    }
    return advance();
  }

  private Behavior<Command> onStoreAgain(StoreAgain again) {
    store(again.position());
    return this;
  }

  private Behavior<Command> failDelivery(Throwable failure) {
    meter.failed();
    getContext()
        .getLog()
        .warn(
            "Channel {} cannot deliver {}: {}",
            delivery.channelName(),
            shard.shardId(),
            failure.toString());
    log()
        .ifPresent(
            log ->
                log.warn(
                    "{} of {} cannot be delivered: {}",
                    delivery.channelName(),
                    shard.shardId(),
                    failure.toString()));
    return fail(failure);
  }

  private Behavior<Command> fail(Throwable failure) {
    done.completeExceptionally(failure);
    drained.ifPresent(waiting -> waiting.completeExceptionally(failure));
    return Behaviors.stopped();
  }

  private Behavior<Command> onPostStop() {
    meter.gathersNothing(shard.shardId());
    gathering.ifPresent(
        unfinished ->
            work.whenCompleteAsync(
                (written, failure) -> unfinished.writer().close(), equipment.blocking()));
    return this;
  }

  private Optional<Logger> log() {
    return equipment
        .terms()
        .apply(delivery.channelId())
        .flatMap(DeliveryTerms::logger)
        .map(LoggerFactory::getLogger);
  }

  /** As that of the context, but never with null, which cannot be logged when it comes too late. */
  private <T> void pipeToSelf(CompletionStage<T> stage, BiFunction<T, Throwable, Command> message) {
    getContext().pipeToSelf(stage.handle(message), (told, never) -> told);
  }

  private static Optional<Throwable> unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? Optional.of(failure.getCause())
        : Optional.ofNullable(failure);
  }
}
