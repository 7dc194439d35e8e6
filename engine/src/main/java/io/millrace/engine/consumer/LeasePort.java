package io.millrace.engine.consumer;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.coordinator.CoordinatorMessage;
import io.millrace.engine.coordinator.CoordinatorMessage.Refused;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.CoordinatorMessage.Start;
import io.millrace.engine.coordinator.Coordinators;
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
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** The way from one start of a task to its coordinator. */
final class LeasePort implements LeasedShard {

  private final WorkerSurroundings around;
  private final ShardId shardId;
  private final long epoch;
  private final Start start;
  private final LeaseMeter meter;
  private CompletionStage<?> lastSent = CompletableFuture.completedStage(null);
  private volatile boolean isLost;

  LeasePort(WorkerSurroundings around, ShardId shardId, long epoch, Start start) {
    this.around = around;
    this.shardId = shardId;
    this.epoch = epoch;
    this.start = start;
    this.meter = around.meter().lease(shardId);
  }

  /** Checkpoints fail from now on, without asking anybody. */
  void lose() {
    isLost = true;
    meter.close();
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
    return within(
            position,
            replyTo ->
                new CoordinatorMessage.Checkpoint(
                    around.identity(),
                    shardId,
                    epoch,
                    position,
                    Optional.ofNullable(stateOrNull),
                    replyTo))
        .whenComplete(
            (stored, failure) -> meter.checkpointed(failure == null, meter.nanoTime() - began));
  }

  @Override
  public CompletionStage<Void> prepareCheckpoint(CheckpointPosition position, Payload state) {
    return within(
        position,
        replyTo ->
            new CoordinatorMessage.Prepare(
                around.identity(), shardId, epoch, position, state, replyTo));
  }

  /** Sends messages in the order of the calls, whatever the checks before them take. */
  private synchronized CompletionStage<Void> within(
      CheckpointPosition position, Function<ActorRef<Reply>, CoordinatorMessage> message) {
    CompletionStage<CompletionStage<Void>> sent =
        lastSent
            .thenCompose(before -> check(position))
            .handle(
                (checked, refusal) ->
                    refusal == null ? send(message) : CompletableFuture.failedStage(refusal));
    lastSent = sent;
    return sent.thenCompose(answer -> answer);
  }

  private CompletionStage<Void> check(CheckpointPosition position) {
    if (position.sequenceNumber().isEmpty()) {
      return CompletableFuture.completedStage(null);
    }
    Optional<StreamView> stream = around.views().find(around.worker().stream());
    if (stream.isEmpty()) {
      return CompletableFuture.failedStage(gone());
    }
    return around
        .positions()
        .latest(stream.get(), shardId)
        .thenAccept(
            latest -> {
              if (!isWithin(position.sequenceNumber().get(), latest)) {
                throw new IllegalArgumentException(
                    "%s lies beyond what %s has.".formatted(position, shardId));
              }
            });
  }

  private static boolean isWithin(SequenceNumber number, SequenceNumber latest) {
    return number.shardIndex() == latest.shardIndex()
        && number.createdSeconds() == latest.createdSeconds()
        && number.counter() <= latest.counter();
  }

  private CompletionStage<Void> send(Function<ActorRef<Reply>, CoordinatorMessage> message) {
    if (isLost) {
      return CompletableFuture.failedStage(gone());
    }
    return Asks.<Coordinators.Command, Reply>ask(
            around.coordinators(),
            replyTo -> around.toCoordinator(message.apply(replyTo)),
            around.answerTimeout(),
            around.system())
        .handle(
            (reply, failure) -> {
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
