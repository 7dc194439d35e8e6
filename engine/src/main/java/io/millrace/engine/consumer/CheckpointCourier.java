package io.millrace.engine.consumer;

import io.millrace.engine.api.InternalFailureException;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorMessage.Judged;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.Coordinators;
import io.millrace.engine.internal.Asks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Takes the checkpoints of all shards of a worker to its coordinator, many in one message: to wake
 * somebody up costs more than a checkpoint. The first after a pause goes at once; those that follow
 * gather for the checkpoint interval. What waits or is under way is bounded in checkpoints and
 * bytes. Safe for any thread; never blocks.
 */
final class CheckpointCourier {

  private static final int MAX_CHECKPOINTS = 10_000;
  private static final long MAX_BYTES = 64L << 20;
  private static final long MAX_MESSAGE_BYTES = 4L << 20;

  private final WorkerSurroundings around;
  private final long intervalNanos;

  // Guarded by this.
  private List<Item> gathered = new ArrayList<>();
  private int entrusted;
  private long entrustedBytes;
  private boolean isDepartureSet;
  private long departedNanos;

  private record Item(Checkpoint checkpoint, CompletableFuture<Reply> reply) {}

  CheckpointCourier(WorkerSurroundings around) {
    this.around = around;
    this.intervalNanos = around.settings().checkpointInterval().toNanos();
    this.departedNanos = around.clock().nanoTime() - intervalNanos;
  }

  /**
   * Takes a checkpoint along. Those of one thread arrive in the order of its calls.
   *
   * @return the coordinator's reply, on a thread of the engine that brings other replies after it:
   *     what depends on it must not block. Fails when the coordinator does not answer, or too much
   *     is under way
   */
  synchronized CompletionStage<Reply> take(Checkpoint checkpoint) {
    if (entrusted == MAX_CHECKPOINTS || entrustedBytes + checkpoint.stateBytes() > MAX_BYTES) {
      return CompletableFuture.failedStage(
          InternalFailureException.notWritten("Too many checkpoints wait to be written."));
    }
    entrusted++;
    entrustedBytes += checkpoint.stateBytes();
    Item item = new Item(checkpoint, new CompletableFuture<>());
    gathered.add(item);
    if (!isDepartureSet) {
      setDeparture();
    }
    return item.reply();
  }

  private void setDeparture() {
    long pause = departedNanos + intervalNanos - around.clock().nanoTime();
    if (pause <= 0) {
      depart();
      return;
    }
    ActorSystem<?> system = around.system();
    try {
      isDepartureSet = true;
      system
          .scheduler()
          .scheduleOnce(Duration.ofNanos(pause), this::depart, system.executionContext());
    } catch (IllegalStateException systemStops) {
      depart();
    }
  }

  /** Sends what has gathered, without waiting for more. */
  synchronized void depart() {
    isDepartureSet = false;
    if (gathered.isEmpty()) {
      return;
    }
    departedNanos = around.clock().nanoTime();
    List<Item> left = gathered;
    gathered = new ArrayList<>();
    while (!left.isEmpty()) {
      int count = fitting(left);
      send(left.subList(0, count));
      left = left.subList(count, left.size());
    }
  }

  /** How many of them one message takes, at least 1. */
  private static int fitting(List<Item> items) {
    int count = 1;
    long bytes = items.get(0).checkpoint().stateBytes();
    while (count < items.size()) {
      bytes += items.get(count).checkpoint().stateBytes();
      if (bytes > MAX_MESSAGE_BYTES) {
        break;
      }
      count++;
    }
    return count;
  }

  private void send(List<Item> items) {
    List<Checkpoint> checkpoints = items.stream().map(Item::checkpoint).toList();
    var unused =
        Asks.<Coordinators.Command, Judged>ask(
                around.coordinators(),
                replyTo ->
                    around.toCoordinator(new Checkpoints(around.identity(), checkpoints, replyTo)),
                around.answerTimeout(),
                around.system())
            .whenComplete((judged, failure) -> deliver(items, judged, failure));
  }

  private void deliver(List<Item> items, Judged judged, Throwable failure) {
    forget(items);
    for (int i = 0; i < items.size(); i++) {
      CompletableFuture<Reply> reply = items.get(i).reply();
      if (failure == null) {
        reply.complete(judged.replies().get(i));
      } else {
        reply.completeExceptionally(failure);
      }
    }
  }

  private synchronized void forget(List<Item> items) {
    entrusted -= items.size();
    for (Item item : items) {
      entrustedBytes -= item.checkpoint().stateBytes();
    }
  }
}
