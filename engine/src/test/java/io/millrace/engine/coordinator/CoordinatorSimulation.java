package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten;
import io.millrace.engine.coordinator.CoordinatorEvent.CheckpointsWritten.Written;
import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun;
import io.millrace.engine.coordinator.CoordinatorEvent.LatestFixed;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned.Assigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated;
import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.SimulatedStream.Put;
import io.millrace.engine.coordinator.SimulatedStream.Shard;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A coordinator, its workers and their stream in one thread, by one seed: messages are lost, late,
 * doubled and out of order; workers pause for longer than their leases last; some never finish when
 * they are asked to; time leaps; the coordinator restarts from its events; shards split, merge and
 * expire. Then everything heals, but for those who never finish.
 *
 * <p>After every step: an epoch has one owner and one shard; whoever is there has the whole
 * hand-off timeout to give a lease up; a child is leased, and assigned, once its parents are
 * processed; a checkpoint never goes back, is written only for the newest epoch, and everything up
 * to it has been processed; whoever is told that a checkpoint is stored finds it stored; records of
 * one key are first processed in their order. After healing: every record is processed, and leases
 * are shared equally.
 */
final class CoordinatorSimulation {

  private static final long MILLI = 1_000_000;
  private static final long FAULTY_MILLIS = 4_000;
  private static final long HEALING_MILLIS = 60_000;
  private static final long HAND_OFF_MILLIS =
      SimulatedCoordinator.SETTINGS.handOffTimeout().toMillis();

  private final Random random;
  private final SimulatedStream stream;
  private final SimulatedCoordinator coordinator;
  private final CheckpointPosition initialPosition;
  private final Map<WorkerIdentity, SimulatedWorker> workers = new HashMap<>();
  private final Map<WorkerIdentity, Long> pausedUntil = new HashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::millis).thenComparingLong(Event::order));

  private final Map<Long, Assigned> epochs = new HashMap<>();
  private final Map<ShardId, Long> fences = new HashMap<>();
  private final Map<ShardId, Long> handOffs = new HashMap<>();
  private final Set<Put> processed = new HashSet<>();
  private final Set<Put> unwanted = new HashSet<>();

  private long now;
  private long order;
  private int sessions;
  private boolean isFaulty = true;

  private record Event(long millis, long order, Runnable action) {}

  CoordinatorSimulation(long seed) {
    random = new Random(seed);
    stream = new SimulatedStream(1 + random.nextInt(3));
    for (int i = random.nextInt(6); i > 0; i--) {
      stream.put(random);
    }
    initialPosition =
        random.nextInt(3) == 0 ? CheckpointPosition.LATEST : CheckpointPosition.TRIM_HORIZON;
    coordinator =
        new SimulatedCoordinator(
            stream, random.nextInt(4) == 0, this::deliverToWorker, this::watch);
  }

  void run() {
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      addWorker();
    }
    every(125, () -> coordinator.plan(nanos()));
    every(30, () -> coordinator.flush(isFaulty && random.nextInt(40) == 0, nanos()));
    every(70, this::disturb);
    runUntil(() -> now >= FAULTY_MILLIS);
    isFaulty = false;
    pausedUntil.clear();
    if (workers.values().stream().allMatch(SimulatedWorker::isLeaving)) {
      addWorker();
    }
    long deadline = now + HEALING_MILLIS;
    runUntil(() -> now >= deadline || isDone());
    check(isDone(), () -> "no progress after healing: " + coordinator.state + ", left " + left());
    checkBalance();
  }

  private interface Condition {
    boolean holds();
  }

  private void runUntil(Condition condition) {
    while (!condition.holds()) {
      Event event = events.remove();
      now = Math.max(now, event.millis());
      event.action().run();
    }
  }

  private void at(long delay, Runnable action) {
    events.add(new Event(now + delay, order++, action));
  }

  private void every(long millis, Runnable action) {
    at(
        random.nextInt((int) millis),
        new Runnable() {
          @Override
          public void run() {
            action.run();
            at(millis, this);
          }
        });
  }

  private long nanos() {
    return now * MILLI;
  }

  // What goes wrong.

  private void disturb() {
    if (!isFaulty) {
      return;
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      stream.put(random);
    }
    switch (random.nextInt(24)) {
      case 0, 1 -> stream.reshard(random, now);
      case 2, 3 -> pause();
      case 4 -> now += random.nextInt(1_500);
      case 5, 6 -> coordinator.restart(nanos());
      case 7 -> {
        if (workers.size() < 4) {
          addWorker();
        }
      }
      case 8 -> leave();
      case 9 -> expire();
      default -> {}
    }
  }

  private void pause() {
    List<WorkerIdentity> all = List.copyOf(workers.keySet());
    pausedUntil.put(all.get(random.nextInt(all.size())), now + random.nextInt(2_500));
  }

  private void leave() {
    List<SimulatedWorker> all = List.copyOf(workers.values());
    all.get(random.nextInt(all.size())).leave(nanos());
  }

  private void expire() {
    stream.expire().ifPresent(shard -> unwanted(shard.records));
  }

  /** Nobody has to process these; those after them come first now. */
  private void unwanted(List<Put> records) {
    unwanted.addAll(records);
  }

  private void addWorker() {
    String session = Integer.toString(sessions++);
    WorkerIdentity identity = new WorkerIdentity("worker-" + session, session);
    SimulatedWorker worker =
        new SimulatedWorker(
            identity,
            stream,
            initialPosition,
            random.nextInt(4) == 0,
            message -> transmit(() -> coordinator.receive(message, nanos())),
            new SimulatedWorker.Observer() {
              @Override
              public void processed(WorkerIdentity by, Shard shard, Put record) {
                onProcessed(shard, record);
              }

              @Override
              public void told(WorkerIdentity by, Checkpoint checkpoint) {
                onTold(by, checkpoint);
              }
            },
            nanos());
    workers.put(identity, worker);
    every(330, () -> whenAwake(identity, () -> worker.beat(nanos())));
    every(60 + random.nextInt(100), () -> whenAwake(identity, () -> worker.work(random)));
  }

  private void whenAwake(WorkerIdentity identity, Runnable action) {
    SimulatedWorker worker = workers.get(identity);
    if (!worker.hasLeft && pausedUntil.getOrDefault(identity, 0L) <= now) {
      action.run();
    }
  }

  private void deliverToWorker(WorkerIdentity identity, Object message) {
    transmit(
        () -> {
          SimulatedWorker worker = workers.get(identity);
          long wait = pausedUntil.getOrDefault(identity, 0L) - now;
          if (wait > 0) {
            at(wait, () -> worker.receive(message));
          } else if (!worker.hasLeft) {
            worker.receive(message);
          }
        });
  }

  private void transmit(Runnable delivery) {
    if (!isFaulty) {
      at(1, delivery);
      return;
    }
    int copies = random.nextInt(12) == 0 ? 2 : random.nextInt(12) == 0 ? 0 : 1;
    for (int i = 0; i < copies; i++) {
      at(random.nextInt(10) == 0 ? random.nextInt(700) : random.nextInt(20), delivery);
    }
  }

  // What must hold.

  private void watch(CoordinatorState before, CoordinatorEvent event) {
    if (event instanceof LeasesAssigned assigned) {
      for (Assigned lease : assigned.leases()) {
        check(epochs.put(lease.epoch(), lease) == null, "an epoch twice: " + lease);
        long earlier = fences.getOrDefault(lease.shardId(), 0L);
        check(lease.epoch() > earlier, "an epoch that does not rise: " + lease);
        fences.put(lease.shardId(), lease.epoch());
        checkHandOff(before.lease(lease.shardId()).orElseThrow());
        checkParents(lease.shardId());
      }
    } else if (event instanceof LeasesCreated created) {
      created.leases().forEach(lease -> checkParents(lease.shardId()));
    } else if (event instanceof HandOffsBegun begun) {
      begun.leases().forEach(lease -> handOffs.put(lease.shardId(), now));
    } else if (event instanceof CheckpointsWritten written) {
      written.checkpoints().forEach(checkpoint -> watch(before, checkpoint));
    } else if (event instanceof LatestFixed fixed) {
      Shard shard = stream.shards.get(fixed.shardId());
      unwanted(shard.records.subList(0, shard.firstAfter(fixed.position())));
    }
    if (event instanceof CoordinatorEvent.ApplicationBound
        && initialPosition.equals(CheckpointPosition.LATEST)) {
      stream.shards.values().stream()
          .filter(shard -> !shard.isOpen())
          .forEach(shard -> unwanted(shard.records));
    }
  }

  /** Who is there, and has been asked to give a lease up, has time to do so. */
  private void checkHandOff(Lease lease) {
    if (lease.owner().filter(coordinator::hasPresent).isPresent()) {
      check(lease.isInHandOff(), "a lease is taken from who is there: " + lease);
      check(
          now - handOffs.get(lease.shardId()) >= HAND_OFF_MILLIS,
          "a lease is taken before the hand-off timeout: " + lease);
    }
  }

  private void checkParents(ShardId child) {
    for (ShardId parent : stream.shards.get(child).parents) {
      Shard before = stream.shards.get(parent);
      int settled = before.settled(this::isSettled);
      check(
          settled == before.records.size(),
          () ->
              "%s before its parent %s: %s".formatted(child, parent, before.records.get(settled)));
    }
  }

  private void watch(CoordinatorState before, Written written) {
    Lease lease = before.lease(written.shardId()).orElseThrow();
    check(written.position().compareTo(lease.checkpoint()) >= 0, "a checkpoint that goes back");
    check(lease.owner().isPresent(), "a checkpoint without an owner");
    check(lease.epoch() == fences.get(written.shardId()), "a checkpoint of a stale epoch");
    Shard shard = stream.shards.get(written.shardId());
    int end =
        written.position().isShardEnd()
            ? shard.records.size()
            : shard.firstAfter(written.position());
    for (int i = shard.settled(this::isSettled); i < end; i++) {
      Put record = shard.records.get(i);
      check(
          isSettled(record),
          () -> "a checkpoint beyond what was processed: " + written + ", " + record);
    }
  }

  private void onTold(WorkerIdentity worker, Checkpoint checkpoint) {
    Lease lease = coordinator.state.leases().get(checkpoint.shardId());
    check(
        lease == null || lease.checkpoint().compareTo(checkpoint.position()) >= 0,
        "told of a checkpoint that is not stored: " + checkpoint);
    Assigned owner = epochs.get(checkpoint.epoch());
    check(
        owner.owner().equals(worker) && owner.shardId().equals(checkpoint.shardId()),
        "told of a checkpoint of another owner: " + checkpoint);
  }

  private void onProcessed(Shard shard, Put record) {
    if (!processed.add(record) || unwanted.contains(record)) {
      return;
    }
    for (Put earlier : earlierOf(record)) {
      check(isSettled(earlier), () -> "%s of %s before %s".formatted(record, shard.id, earlier));
    }
  }

  private List<Put> earlierOf(Put record) {
    List<Put> earlier = new ArrayList<>();
    for (Shard shard : stream.shards.values()) {
      for (Put other : shard.records) {
        if (other.key() == record.key() && other.ordinal() < record.ordinal()) {
          earlier.add(other);
        }
      }
    }
    return earlier;
  }

  private boolean isDone() {
    return stream.shards.values().stream().allMatch(this::isSettled)
        && coordinator.state.leases().values().stream()
            .allMatch(
                lease ->
                    lease.isEnded()
                        || (stream.shards.get(lease.shardId()).isOpen()
                            && lease.owner().isPresent()
                            && !lease.isInHandOff()))
        && isBalanced();
  }

  private List<Put> left() {
    return stream.shards.values().stream()
        .flatMap(shard -> shard.records.stream())
        .filter(record -> !isSettled(record))
        .toList();
  }

  private boolean isSettled(Shard shard) {
    return shard.settled(this::isSettled) == shard.records.size();
  }

  /** Whether nobody has to process it any more. */
  private boolean isSettled(Put record) {
    return processed.contains(record) || unwanted.contains(record);
  }

  private boolean isBalanced() {
    Map<WorkerIdentity, Integer> loads = new HashMap<>();
    workers.forEach(
        (identity, worker) -> {
          if (!worker.hasLeft) {
            loads.put(identity, 0);
          }
        });
    for (Lease lease : coordinator.state.leases().values()) {
      lease.owner().ifPresent(owner -> loads.merge(owner, 1, Integer::sum));
    }
    int most = loads.values().stream().mapToInt(load -> load).max().orElse(0);
    int least = loads.values().stream().mapToInt(load -> load).min().orElse(0);
    return most - least <= 1;
  }

  private void checkBalance() {
    check(isBalanced(), "unequal: " + coordinator.state);
  }

  private void check(boolean holds, String message) {
    check(holds, () -> message);
  }

  private void check(boolean holds, Supplier<String> message) {
    if (!holds) {
      throw new AssertionError(message.get() + " at " + now + " ms");
    }
  }
}
