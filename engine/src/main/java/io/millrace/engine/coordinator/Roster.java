package io.millrace.engine.coordinator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The workers of an application as the coordinator last heard of them, by its monotonic clock.
 * Nothing of it is stored. Immutable.
 *
 * @param members by identity, in the order in which they came
 */
record Roster(Map<WorkerIdentity, Member> members) {

  /** Nobody. */
  static final Roster EMPTY = new Roster(Map.of());

  /**
   * A worker.
   *
   * @param maxLeases how many leases it takes at most; 0 when it wants no further one
   * @param heardNanos when it was last heard of
   * @param isExpected whether it has not been heard of since the coordinator started: it owned
   *     leases before
   */
  record Member(WorkerIdentity worker, int maxLeases, long heardNanos, boolean isExpected) {}

  Roster {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** Those who own leases when the coordinator starts: each has one full failover period. */
  static Roster expecting(CoordinatorState state, long nowNanos) {
    Map<WorkerIdentity, Member> members = new LinkedHashMap<>();
    for (Lease lease : state.leases().values()) {
      lease.owner().ifPresent(owner -> members.put(owner, new Member(owner, 0, nowNanos, true)));
    }
    return new Roster(members);
  }

  /** Whether this worker is one of them. */
  boolean has(WorkerIdentity worker) {
    return members.containsKey(worker);
  }

  /** The one with this id that takes leases. */
  Optional<Member> named(String workerId) {
    return members.values().stream()
        .filter(member -> !member.isExpected() && member.worker().workerId().equals(workerId))
        .findFirst();
  }

  /** Whether another worker of this id has been heard of. */
  boolean hasNamesake(WorkerIdentity worker) {
    return named(worker.workerId()).filter(member -> !member.worker().equals(worker)).isPresent();
  }

  /** Those who have been heard of. */
  List<Member> present() {
    return members.values().stream().filter(member -> !member.isExpected()).toList();
  }

  /** It was heard of now. One of its id that was only expected will not come any more. */
  Roster heard(WorkerIdentity worker, int maxLeases, long nowNanos) {
    Map<WorkerIdentity, Member> next = new LinkedHashMap<>(members);
    next.keySet().removeIf(old -> !old.equals(worker) && old.workerId().equals(worker.workerId()));
    next.put(worker, new Member(worker, maxLeases, nowNanos, false));
    return new Roster(next);
  }

  /** It is gone. */
  Roster without(WorkerIdentity worker) {
    Map<WorkerIdentity, Member> next = new LinkedHashMap<>(members);
    next.remove(worker);
    return new Roster(next);
  }

  /** Those who have not been heard of for so long. */
  List<WorkerIdentity> silentSince(long nowNanos, long failoverNanos) {
    List<WorkerIdentity> silent = new ArrayList<>();
    members.forEach(
        (worker, member) -> {
          if (nowNanos - member.heardNanos() >= failoverNanos) {
            silent.add(worker);
          }
        });
    return silent;
  }
}
