package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorMessage.Checkpoint;
import io.millrace.engine.coordinator.SimulatedStream.Put;
import io.millrace.engine.coordinator.SimulatedStream.Shard;
import io.millrace.engine.model.CheckpointPosition;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A coordinator, its workers and their stream in one thread, by one seed: messages are lost, late,
 * doubled and out of order; workers pause for longer than their leases last; some never finish when
 * they are asked to; time leaps; the coordinator restarts from its events; shards split, merge and
 * expire. Then everything heals, but for those who never finish.
 *
 * <p>A {@link CoordinatorReferee} looks on. After healing: every record is processed, and leases
 * are shared equally.
 */
final class CoordinatorSimulation {

  private static final long MILLI = 1_000_000;
  private static final long FAULTY_MILLIS = 4_000;
  private static final long HEALING_MILLIS = 60_000;

  private final Random random;
  private final SimulatedStream stream;
  private final SimulatedCoordinator coordinator;
  private final CheckpointPosition initialPosition;
  private final CoordinatorReferee referee;
  private final Map<WorkerIdentity, SimulatedWorker> workers = new HashMap<>();
  private final Map<WorkerIdentity, Long> pausedUntil = new HashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::millis).thenComparingLong(Event::order));

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
    referee = new CoordinatorReferee(stream, initialPosition, () -> now);
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
    referee.check(
        isDone(),
        () -> "no progress after healing: " + coordinator.state + ", left " + referee.left());
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
    stream.expire().ifPresent(shard -> referee.unwanted(shard.records));
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
                referee.onProcessed(shard, record);
              }

              @Override
              public void told(WorkerIdentity by, Checkpoint checkpoint) {
                referee.onTold(by, checkpoint, coordinator.state);
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
    referee.watch(before, event, coordinator::hasPresent);
  }

  private boolean isDone() {
    return referee.isAllSettled()
        && coordinator.state.leases().values().stream()
            .allMatch(
                lease ->
                    lease.isEnded()
                        || (stream.shards.get(lease.shardId()).isOpen()
                            && lease.owner().isPresent()
                            && !lease.isInHandOff()))
        && isBalanced();
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
    referee.check(isBalanced(), "unequal: " + coordinator.state);
  }
}
