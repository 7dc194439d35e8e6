package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoints;
import io.millrace.engine.coordinator.CoordinatorMessage.Claim;
import io.millrace.engine.coordinator.CoordinatorMessage.Done;
import io.millrace.engine.coordinator.CoordinatorMessage.Heartbeat;
import io.millrace.engine.coordinator.CoordinatorMessage.Leave;
import io.millrace.engine.coordinator.CoordinatorMessage.Orders;
import io.millrace.engine.coordinator.CoordinatorMessage.Release;
import io.millrace.engine.coordinator.CoordinatorMessage.Reply;
import io.millrace.engine.coordinator.HeldLeases.Action;
import io.millrace.engine.coordinator.SimulatedCoordinator.Answered;
import io.millrace.engine.coordinator.SimulatedCoordinator.Started;
import io.millrace.engine.coordinator.SimulatedStream.Put;
import io.millrace.engine.coordinator.SimulatedStream.Shard;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A worker without actors: it processes records one by one, and checkpoints when it likes. One that
 * is stubborn does not finish when it is asked to; its leases have to be taken from it.
 */
final class SimulatedWorker {

  private static final long FAILOVER_NANOS = SimulatedCoordinator.SETTINGS.failoverTime().toNanos();
  private static final long HAND_OFF_NANOS =
      SimulatedCoordinator.SETTINGS.handOffTimeout().toNanos();

  final WorkerIdentity identity;
  private final SimulatedStream stream;
  private final CheckpointPosition initialPosition;
  private final boolean isStubborn;
  private final Consumer<Object> send;
  private final Observer observer;
  private final HeldLeases held = new HeldLeases();
  private final Map<ShardId, Task> tasks = new TreeMap<>();
  private final TreeMap<Long, Long> sentNanos = new TreeMap<>();
  private long beat;
  private long renewedNanos;
  private boolean isLeaving;
  private long leavingNanos;
  boolean hasLeft;

  /** Who watches what workers do. */
  interface Observer {
    void processed(WorkerIdentity worker, Shard shard, Put record);

    void told(WorkerIdentity worker, Checkpoint checkpoint);
  }

  private static final class Task {
    final long epoch;
    CheckpointPosition checkpoint;
    int next = -1;
    boolean isDraining;

    Task(long epoch) {
      this.epoch = epoch;
    }
  }

  SimulatedWorker(
      WorkerIdentity identity,
      SimulatedStream stream,
      CheckpointPosition initialPosition,
      boolean isStubborn,
      Consumer<Object> send,
      Observer observer,
      long nowNanos) {
    this.identity = identity;
    this.stream = stream;
    this.initialPosition = initialPosition;
    this.isStubborn = isStubborn;
    this.send = send;
    this.observer = observer;
    this.renewedNanos = nowNanos;
  }

  void beat(long nowNanos) {
    if (nowNanos - renewedNanos >= FAILOVER_NANOS) {
      carryOut(held.loseAll());
    }
    if (isLeaving && nowNanos - leavingNanos >= HAND_OFF_NANOS) {
      carryOut(held.loseAll());
    }
    if (isLeaving && held.isIdle()) {
      send.accept(new Leave(identity, null));
      return;
    }
    beat++;
    sentNanos.put(beat, nowNanos);
    send.accept(
        new Heartbeat(
            identity,
            SimulatedStream.NAME,
            initialPosition,
            isLeaving ? 0 : Integer.MAX_VALUE,
            beat,
            null));
    // A claim that was lost is made again.
    tasks.forEach((shardId, task) -> claim(shardId, task));
  }

  /** Whether it leaves or has left. */
  boolean isLeaving() {
    return isLeaving;
  }

  void leave(long nowNanos) {
    if (!isLeaving) {
      isLeaving = true;
      leavingNanos = nowNanos;
    }
    carryOut(held.leave());
  }

  void receive(Object message) {
    if (message instanceof Orders orders) {
      Long sent = sentNanos.get(orders.beat());
      if (sent != null) {
        renewedNanos = Math.max(renewedNanos, sent);
      }
      carryOut(held.obey(orders));
    } else if (message instanceof Started started) {
      onStarted(started.request(), started.start().map(start -> start.checkpoint()));
    } else if (message instanceof Answered answered) {
      for (int i = 0; i < answered.replies().size(); i++) {
        onJudged(answered.request().checkpoints().get(i), answered.replies().get(i));
      }
    } else if (message instanceof Leave) {
      hasLeft = true;
    }
  }

  private void onStarted(Claim claim, Optional<CheckpointPosition> checkpoint) {
    Task task = tasks.get(claim.shardId());
    if (task == null || task.epoch != claim.epoch() || task.next >= 0) {
      return;
    }
    if (checkpoint.isEmpty()) {
      over(claim.shardId());
      return;
    }
    task.checkpoint = checkpoint.get();
    task.next = stream.shards.get(claim.shardId()).firstAfter(checkpoint.get());
  }

  private void onJudged(Checkpoint request, Reply reply) {
    Task task = tasks.get(request.shardId());
    if (reply instanceof Done) {
      observer.told(identity, request);
    }
    if (task == null || task.epoch != request.epoch()) {
      return;
    }
    if (!(reply instanceof Done) || request.position().isShardEnd()) {
      over(request.shardId());
    } else if (task.checkpoint.compareTo(request.position()) < 0) {
      task.checkpoint = request.position();
    }
  }

  /** Does a little of everything. */
  void work(Random random) {
    List<Checkpoint> checkpoints = new ArrayList<>();
    for (ShardId shardId : List.copyOf(tasks.keySet())) {
      Task task = tasks.get(shardId);
      if (task.next >= 0) {
        work(stream.shards.get(shardId), task, random).ifPresent(checkpoints::add);
      }
    }
    if (!checkpoints.isEmpty()) {
      send.accept(new Checkpoints(identity, checkpoints, null));
    }
  }

  private Optional<Checkpoint> work(Shard shard, Task task, Random random) {
    for (int i = random.nextInt(4); i > 0 && !task.isDraining; i--) {
      if (task.next < shard.records.size()) {
        observer.processed(identity, shard, shard.records.get(task.next));
        task.next++;
      }
    }
    boolean isFinished = !shard.isOpen() && task.next == shard.records.size();
    CheckpointPosition position =
        isFinished
            ? CheckpointPosition.SHARD_END
            : task.next == 0
                ? task.checkpoint
                : CheckpointPosition.after(shard.records.get(task.next - 1).number());
    boolean isStored = position.compareTo(task.checkpoint) <= 0;
    if (!isStored && (task.isDraining || random.nextInt(3) == 0)) {
      return Optional.of(new Checkpoint(shard.id, task.epoch, position, Optional.empty()));
    }
    if (task.isDraining && isStored) {
      over(shard.id);
    }
    return Optional.empty();
  }

  private void over(ShardId shardId) {
    Task task = tasks.remove(shardId);
    carryOut(held.over(shardId, task.epoch));
  }

  private void claim(ShardId shardId, Task task) {
    if (task.next < 0) {
      send.accept(new Claim(identity, shardId, task.epoch, null));
    }
  }

  private void carryOut(List<Action> actions) {
    for (Action action : actions) {
      switch (action.step()) {
        case BEGIN -> {
          Task task = new Task(action.epoch());
          tasks.put(action.shardId(), task);
          claim(action.shardId(), task);
        }
        case DRAIN -> {
          Task task = tasks.get(action.shardId());
          task.isDraining = !isStubborn;
          if (task.next < 0) {
            over(action.shardId());
          }
        }
        case DROP -> tasks.remove(action.shardId());
        case RELEASE -> send.accept(new Release(identity, action.shardId(), action.epoch()));
      }
    }
  }
}
