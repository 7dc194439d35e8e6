package io.millrace.engine.consumer;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.coordinator.CoordinatorMessage;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.Start;
import io.millrace.engine.coordinator.Coordinators;
import io.millrace.engine.coordinator.ShardPositions.Reach;
import io.millrace.engine.internal.Asks;
import io.millrace.engine.metrics.LeaseMeter;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.stream.StreamView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The way from one start of a task to its coordinator. */
final class LeasePort implements LeasedShard {

  private final WorkerSurroundings around;
  private final CheckpointCourier courier;
  private final ShardId shardId;
  private final long epoch;
  private final Start start;
  private final LeaseMeter meter;
  private CompletionStage<?> lastSent = CompletableFuture.completedStage(null);
  private CompletionStage<Void> lastAnswer = CompletableFuture.completedStage(null);
  private volatile Optional<Reach> reach = Optional.empty();
  private volatile boolean isLost;

  LeasePort(
      WorkerSurroundings around,
      CheckpointCourier courier,
      ShardId shardId,
      long epoch,
      Start start) {
    this.around = around;
    this.courier = courier;
    this.shardId = shardId;
    this.epoch = epoch;
    this.start = start;
    this.meter = around.meter().lease(shardId);
  }

  /** Checkpoints fail from now on, without asking anybody. */
  void lose() {
    isLost = true;
    meter.close();
    // What this task still has to say comes before the next one's question where to begin.
    courier.depart();
  }

  @Override
  public String streamName() {
    return around.worker().stream().value();
  }

  @Override
  public ShardId shardId() {
    return shardId;
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public CheckpointPosition startingCheckpoint() {
    return start.checkpoint();
  }

  @Override
  public Optional<Payload> startingState() {
    return start.state();
  }

  @Override
  public Optional<PreparedCheckpoint> pendingCheckpoint() {
    return start
        .pending()
        .map(pending -> new PreparedCheckpoint(pending.position(), pending.state()));
  }

  @Override
  public LeaseMeter meter() {
    return meter;
  }

  @Override
  public CompletionStage<Void> checkpoint(CheckpointPosition position, Payload stateOrNull) {
    long began = meter.nanoTime();
    Checkpoint checkpoint =
        new Checkpoint(shardId, epoch, position, Optional.ofNullable(stateOrNull));
    return inOrder(position, () -> courier.take(checkpoint))
        .whenComplete(
            (stored, failure) -> meter.checkpointed(failure == null, meter.nanoTime() - began));
  }

  @Override
  public synchronized CompletionStage<Void> prepareCheckpoint(
      CheckpointPosition position, Payload state) {
    // A checkpoint that was sent before, and is stored later, would forget it.
    lastSent = lastAnswer.handle((done, failure) -> null);
    return inOrder(position, () -> prepare(position, state));
  }

  private CompletionStage<Reply> prepare(CheckpointPosition position, Payload state) {
    return Asks.<Coordinators.Command, Reply>ask(
        around.coordinators(),
        replyTo ->
            around.toCoordinator(
                new CoordinatorMessage.Prepare(
                    around.identity(), shardId, epoch, position, state, replyTo)),
        around.answerTimeout(),
        around.system());
  }

  /** Sends messages in the order of the calls, whatever the checks before them take. */
  private synchronized CompletionStage<Void> inOrder(
      CheckpointPosition position, Supplier<CompletionStage<Reply>> message) {
    CompletionStage<CompletionStage<Void>> sent =
        lastSent
            .thenCompose(before -> check(position))
            .handle(
                (checked, refusal) ->
                    refusal == null ? send(message) : CompletableFuture.failedStage(refusal));
    lastSent = sent;
    lastAnswer = sent.thenCompose(answer -> answer);
    return lastAnswer;
  }

  /** Asks the shard only when what is known of it does not do. */
  private CompletionStage<Void> check(CheckpointPosition position) {
    Optional<SequenceNumber> number = position.sequenceNumber();
    if (number.isEmpty() || reach.filter(known -> isWithin(number.get(), known)).isPresent()) {
      return CompletableFuture.completedStage(null);
    }
    Optional<StreamView> stream = around.views().find(around.worker().stream());
    if (stream.isEmpty()) {
      return CompletableFuture.failedStage(gone());
    }
    return around
        .positions()
        .reach(stream.get(), shardId)
        .thenAccept(
            fresh -> {
              reach = Optional.of(fresh);
              if (!isWithin(number.get(), fresh)) {
                throw new IllegalArgumentException(
                    "%s lies beyond what %s has.".formatted(position, shardId));
              }
            });
  }

  private static boolean isWithin(SequenceNumber number, Reach reach) {
    SequenceNumber latest = reach.latest();
    return number.shardIndex() == latest.shardIndex()
        && number.createdSeconds() == latest.createdSeconds()
        && number.counter() <= latest.counter();
  }

  private CompletionStage<Void> send(Supplier<CompletionStage<Reply>> message) {
    if (isLost) {
      return CompletableFuture.failedStage(gone());
    }
    return message
        .get()
        .handle(
            (reply, failure) -> {
              if (failure instanceof MillraceException known) {
                throw known;
              }
              if (failure != null) {
                throw InternalFailureException.unknown("The coordinator did not answer.", failure);
              }
              if (reply instanceof Refused refused) {
                throw problem(refused);
              }
              return null;
            });
  }

  private ShutdownException gone() {
    return new ShutdownException("The lease of %s is gone.".formatted(shardId));
  }

  private static RuntimeException problem(Refused refused) {
    return switch (refused.kind()) {
      case LEASE_LOST -> new ShutdownException(refused.message());
      case INVALID -> new IllegalArgumentException(refused.message());
      case UNKNOWN -> InternalFailureException.unknown(refused.message());
      case IN_USE, NOT_FOUND, UNAVAILABLE -> InternalFailureException.notWritten(refused.message());
    };
  }
}
