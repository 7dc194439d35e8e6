package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun;
import io.millrace.engine.coordinator.CoordinatorEvent.HandOffsBegun.HandOff;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned;
import io.millrace.engine.coordinator.CoordinatorEvent.LeasesAssigned.Assigned;
import io.millrace.engine.model.ShardId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who should have which lease: workers have equally many of them, within what each takes at most.
 *
 * <p>Leases that nobody has, or whose owner is gone, go first, those longest without assignment
 * before others, each to the worker with the fewest. Then leases move from the workers with the
 * most to those with the fewest while the difference is two or more: a few at a time, and each as
 * soon as its owner has finished what runs. An owner that does not finish in time is fenced.
 */
final class Assignment {

  private final CoordinatorState state;
  private final Roster roster;
  private final Set<ShardId> overdue;

  /** The leases of each worker that takes part, those that are coming to it included. */
  private final Map<String, Integer> loads = new HashMap<>();

  private long lastEpoch;

  private Assignment(CoordinatorState state, Roster roster, Set<ShardId> overdue) {
    this.state = state;
    this.roster = roster;
    this.overdue = overdue;
    this.lastEpoch = state.lastEpoch();
    roster.present().forEach(member -> loads.put(member.worker().workerId(), 0));
    for (Lease lease : state.leases().values()) {
      futureOwner(lease).ifPresent(id -> loads.computeIfPresent(id, (same, load) -> load + 1));
    }
  }

  /**
   * What has to happen now.
   *
   * @param overdue leases whose owners have had all their time to hand them off
   * @param maxHandOffs how many leases are handed off at the same time
   */
  static List<CoordinatorEvent> plan(
      CoordinatorState state, Roster roster, Set<ShardId> overdue, int maxHandOffs) {
    Assignment assignment = new Assignment(state, roster, overdue);
    List<CoordinatorEvent> events = new ArrayList<>();
    List<Assigned> assigned = assignment.assignFree();
    if (!assigned.isEmpty()) {
      events.add(new LeasesAssigned(assigned));
    }
    List<HandOff> handOffs = assignment.balance(maxHandOffs);
    if (!handOffs.isEmpty()) {
      events.add(new HandOffsBegun(handOffs));
    }
    return events;
  }

  private Optional<String> futureOwner(Lease lease) {
    Optional<String> next = lease.handOffTo().filter(id -> roster.named(id).isPresent());
    return next.or(() -> lease.owner().filter(this::isKept).map(WorkerIdentity::workerId));
  }

  private boolean isKept(WorkerIdentity owner) {
    return roster.has(owner);
  }

  private List<Assigned> assignFree() {
    List<Lease> free =
        state.leases().values().stream()
            .filter(this::isFree)
            .sorted(Comparator.comparingLong(Lease::epoch).thenComparing(Lease::shardId))
            .toList();
    List<Assigned> assigned = new ArrayList<>();
    for (Lease lease : free) {
      Optional<String> promised = lease.handOffTo().filter(loads::containsKey);
      promised
          .or(this::leastLoaded)
          .flatMap(roster::named)
          .ifPresent(
              member -> {
                String id = member.worker().workerId();
                if (promised.isEmpty()) {
                  loads.merge(id, 1, Integer::sum);
                }
                assigned.add(new Assigned(lease.shardId(), member.worker(), ++lastEpoch));
              });
    }
    return assigned;
  }

  private boolean isFree(Lease lease) {
    boolean isOwned = lease.owner().filter(this::isKept).isPresent();
    boolean isOverdue = lease.isInHandOff() && overdue.contains(lease.shardId());
    return state.isLeasable(lease) && (!isOwned || isOverdue);
  }

  private List<HandOff> balance(int maxHandOffs) {
    Set<ShardId> moving = new HashSet<>();
    for (Lease lease : state.leases().values()) {
      if (lease.isInHandOff() && !overdue.contains(lease.shardId())) {
        moving.add(lease.shardId());
      }
    }
    List<HandOff> handOffs = new ArrayList<>();
    while (moving.size() < maxHandOffs) {
      Optional<HandOff> next = leastLoaded().flatMap(to -> handOffTo(to, moving));
      if (next.isEmpty()) {
        break;
      }
      handOffs.add(next.get());
      moving.add(next.get().shardId());
    }
    return handOffs;
  }

  /** Takes one from the worker that has the most, if that makes the two more equal. */
  private Optional<HandOff> handOffTo(String to, Set<ShardId> moving) {
    Optional<Lease> surplus =
        state.leases().values().stream()
            .filter(lease -> !lease.isEnded() && !moving.contains(lease.shardId()))
            .filter(lease -> !lease.isInHandOff())
            .filter(lease -> lease.owner().filter(this::takesPart).isPresent())
            .max(
                Comparator.comparingInt((Lease lease) -> loads.get(ownerId(lease)))
                    .thenComparing(Lease::shardId))
            .filter(lease -> loads.get(ownerId(lease)) - loads.get(to) >= 2);
    surplus.ifPresent(
        lease -> {
          loads.merge(ownerId(lease), -1, Integer::sum);
          loads.merge(to, 1, Integer::sum);
        });
    return surplus.map(lease -> new HandOff(lease.shardId(), to));
  }

  private boolean takesPart(WorkerIdentity owner) {
    return roster.has(owner) && loads.containsKey(owner.workerId());
  }

  private static String ownerId(Lease lease) {
    return lease.owner().orElseThrow().workerId();
  }

  /** Of those who take one more, the one with the fewest; of equals the first by id. */
  private Optional<String> leastLoaded() {
    return roster.present().stream()
        .filter(member -> loads.get(member.worker().workerId()) < member.maxLeases())
        .map(member -> member.worker().workerId())
        .min(Comparator.comparingInt((String id) -> loads.get(id)).thenComparing(id -> id));
  }
}
